//! The SQLite file that holds the assessments: every statement of SQL is here.
