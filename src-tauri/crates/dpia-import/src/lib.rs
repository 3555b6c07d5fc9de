//! Other people's documents, read into an assessment and an account of what could not be placed.
