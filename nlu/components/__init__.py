"""The components of the pipeline, one a file, each a spaCy factory that says what it assigns and requires."""
