"""The synthetic scenes, as each archive would list them."""
