//! `/api/v1/calls`: call somebody, answer, decline, hang up, and what became of earlier calls.

pub mod act;
pub mod history;
pub mod looked;
pub mod place;

use hub::{Answer, Question};

use super::{App, problem::Fault};

/// Asks the hub, and waits until what it changed is written when that `counts`.
async fn ask(app: &App, question: Question, counts: bool) -> Result<Answer, Fault> {
    let answer = super::rooms::ask(app, question).await?;
    if counts && !app.control.kept().await.unwrap_or(false) {
        return Err(Fault::Internal);
    }
    Ok(answer)
}
