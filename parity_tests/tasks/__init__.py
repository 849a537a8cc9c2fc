"""Tasks that backend processes run for the tests alone; see `workers.run_task`."""
