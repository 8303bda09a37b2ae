"""What MiniStack does differently from AWS, one module for each difference."""
