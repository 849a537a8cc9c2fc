"""What training shares in every framework, and the state that a checkpoint holds."""
