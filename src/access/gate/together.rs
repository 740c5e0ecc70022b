//! Several commands in one transaction: all of them or none.

use crate::actor::Actor;
use crate::command::{Authority, BoxedCommand};
use crate::gate::number::NUMBER;
use crate::gate::{Done, Gate, Made, Mode, Once, Passage, Passed};
use crate::refusal::Refusal;
use serde_json::Value;

/// Several commands were refused together, because of one of them.
#[derive(Debug)]
pub struct Stopped {
    /// Which one, from 0; absent when it was none of them in particular.
    pub place: Option<usize>,
    /// Why.
    pub refusal: Refusal,
}

/// What several commands changed together.
#[derive(Debug)]
pub struct Together {
    /// Their changes, in their order.
    pub changes: Vec<Made>,
    /// In a preview: the steps the planner would send for the last one, as words.
    pub steps: Vec<&'static str>,
}

impl Stopped {
    fn at(place: usize) -> impl Fn(Refusal) -> Self {
        move |refusal| Self {
            place: Some(place),
            refusal,
        }
    }
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self {
            place: None,
            refusal,
        }
    }
}

impl Gate {
    /// Carries out several commands of one customer in one transaction: all of them or none. The last
    /// one's answer speaks for all; before is the first one's.
    ///
    /// # Errors
    /// The first refusal; then nothing happened.
    pub async fn run_all(
        &self,
        actor: &Actor,
        commands: Vec<BoxedCommand>,
        mode: Mode,
        once: Option<Once>,
    ) -> Result<Done<Value>, Refusal> {
        let walked = self.walk(actor, commands, mode, once.as_ref()).await;
        let (passage, last) = walked.map_err(|stopped| stopped.refusal)?;
        let mut passed = last.ok_or(Refusal::NotFound)?;
        if let Some(first) = passage.made.first() {
            passed.before = first.before.clone();
        }
        let steps = self.leave(passage, &passed.object).await?;
        Ok(passed.done(steps))
    }

    /// Carries out several commands of one customer, and those of `behind` as the panel itself, which
    /// find at their door what was changed before them: all of it in one transaction, or nothing.
    /// Answers what the commands changed, in their order. There need not be any.
    ///
    /// # Errors
    /// The first refusal and whose it is; then nothing happened.
    pub async fn run_then(
        &self,
        actor: &Actor,
        commands: Vec<BoxedCommand>,
        mut behind: Vec<BoxedCommand>,
        mode: Mode,
    ) -> Result<Together, Stopped> {
        let panel = Actor::system(actor.customer);
        for command in &mut behind {
            command.prepare(self, &panel).await?;
        }
        let count = commands.len();
        let (mut passage, _) = self.walk(actor, commands, mode, None).await?;
        for command in &behind {
            if !passage.made.is_empty() {
                self.renumber(&mut passage).await?;
            }
            command.pass(self, &mut passage, &panel, None).await?;
        }
        let mut changes = passage.made.clone();
        changes.truncate(count);
        let object = changes.last().or(passage.made.last());
        let object = object.map_or_else(String::new, |made| made.object.clone());
        let steps = self.leave(passage, &object).await?;
        Ok(Together { changes, steps })
    }

    /// All commands on their way through one transaction, which is left open.
    async fn walk(
        &self,
        actor: &Actor,
        mut commands: Vec<BoxedCommand>,
        mode: Mode,
        once: Option<&Once>,
    ) -> Result<(Passage, Option<Passed<Value>>), Stopped> {
        for (place, command) in commands.iter_mut().enumerate() {
            let prepared = command.prepare(self, actor).await;
            prepared.map_err(Stopped::at(place))?;
        }
        let entered = self.enter(actor, actor.customer, (Authority::Customer, false, mode));
        let mut passage = entered.await?;
        let mut last = None;
        for (place, command) in commands.iter().enumerate() {
            if place > 0 {
                self.renumber(&mut passage).await?;
            }
            let once = once.filter(|_| place == 0);
            let passed = command.pass(self, &mut passage, actor, once).await;
            last = Some(passed.map_err(Stopped::at(place))?);
        }
        Ok((passage, last))
    }

    /// Numbers the next change in the same transaction.
    async fn renumber(&self, passage: &mut Passage) -> Result<(), Refusal> {
        let row = NUMBER.bind(passage.customer).one(&mut passage.tx).await?;
        passage.seq = row.int("change_seq")?;
        Ok(())
    }
}
