"""设置: what an admin manages for a unit and everything below it, by the same actions everybody else uses."""
