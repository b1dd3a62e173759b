"""Pictures as files: those of the folder that IMAGES names, and the thumbnails that are made of them."""
