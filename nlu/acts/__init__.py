"""Recognition of dialogue acts: training phrases, features, the model and its cache."""
