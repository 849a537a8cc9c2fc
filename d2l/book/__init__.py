"""The book: pages that run in every framework, and the site made of them."""
