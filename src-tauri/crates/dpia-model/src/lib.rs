//! What a data protection impact assessment is: editions, answers, changes and history, and nothing that touches the outside.
