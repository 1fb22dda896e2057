"""The firmware's upgrade: an image into the other slot, its trial, the way back."""
