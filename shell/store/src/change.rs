//! A change: statements that are written together or not at all. What each is for stands beside its SQL, by area.

use crate::column::Value;

/// What is to be written. All of it happens or nothing does.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub statements: Vec<Statement>,
}

/// One statement of a change.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Text that both engines understand.
    pub sql: &'static str,
    /// Its `$1`, `$2` ...
    pub values: Vec<Value>,
    /// Whether the whole change is taken back when this touches no row.
    pub needed: bool,
    /// Whether it ends in `RETURNING` one text.
    pub returns: bool,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is written.
    Done(Done),
    /// The statement of that place touched no row, so nothing was written.
    Stopped(usize),
}

/// What a change did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// How many rows its last statement touched.
    pub touched: u64,
    /// What its statements returned, one after the other.
    pub returned: Vec<String>,
}

impl Change {
    /// A change of one statement, which has to touch a row.
    pub fn needs(sql: &'static str, values: Vec<Value>) -> Self {
        Self::default().and_needs(sql, values)
    }

    /// A change that begins with a statement which may touch no row.
    pub fn tries(sql: &'static str, values: Vec<Value>) -> Self {
        Self::default().and_tries(sql, values)
    }

    /// And then this, which has to touch a row.
    pub fn and_needs(self, sql: &'static str, values: Vec<Value>) -> Self {
        self.and(Statement { sql, values, needed: true, returns: false })
    }

    /// And then this, which may touch no row.
    pub fn and_tries(self, sql: &'static str, values: Vec<Value>) -> Self {
        self.and(Statement { sql, values, needed: false, returns: false })
    }

    /// The last statement returns a text for each row that it touches.
    pub fn returning(mut self) -> Self {
        if let Some(last) = self.statements.last_mut() {
            last.returns = true;
        }
        self
    }

    /// Whether it can stop after it has touched something, which must then be taken back.
    pub fn may_turn_back(&self) -> bool {
        self.statements.iter().skip(1).any(|statement| statement.needed)
    }

    fn and(mut self, statement: Statement) -> Self {
        self.statements.push(statement);
        self
    }
}

impl Outcome {
    /// Whether it was written.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}
