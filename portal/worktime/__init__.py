"""校历: school days, terms and hours, and time counted in them."""
