"""Picture files: the folder named by the setting IMAGES, and the thumbnails made from it."""
