//! One order, from its names to the certificate.

use instant_acme::{
    Account, AuthorizationStatus, CertificateIdentifier, ChallengeStatus, ChallengeType, Error,
    Identifier, NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use wabe_kernel::certificate::{Checked, Inspector as _, OrderFailure, OrderTrouble};
use wabe_kernel::{DomainName, Secret};

use crate::acme::trouble::{complaint, failure, is_account, is_nonce, name};
use crate::acme::{Acme, NONCES, stubbornly};
use crate::agent_link::Answers;

/// How long the authority may look, and again how long it may sign.
const LOOKING: RetryPolicy = RetryPolicy::new()
    .initial_delay(Duration::from_millis(100))
    .backoff(1.5)
    .timeout(Duration::from_secs(45));

/// Why an order ended, and whether its account is not known any more.
pub(super) type Ended = (OrderFailure, bool);

fn ended(error: &Error) -> Ended {
    (failure(error), is_account(error))
}

fn unusable(why: impl std::fmt::Display) -> Ended {
    (OrderFailure::new(OrderTrouble::Unusable, why), false)
}

/// What is answered while an authority looks; nothing any more once this is gone.
struct Offered {
    challenges: Arc<dyn Answers>,
    tokens: BTreeSet<String>,
}

impl Drop for Offered {
    fn drop(&mut self) {
        for token in &self.tokens {
            self.challenges.take(token);
        }
    }
}

impl Offered {
    /// Answers a token from now on.
    async fn put(&mut self, token: &str, answer: &str) -> Result<(), Error> {
        let (challenges, of) = (Arc::clone(&self.challenges), token.to_owned());
        let text = answer.to_owned();
        let written = tokio::task::spawn_blocking(move || challenges.put(&of, &text)).await;
        match written {
            Ok(Ok(())) => {
                self.tokens.insert(token.to_owned());
                Ok(())
            }
            Ok(Err(fault)) => Err(Error::Other(Box::new(fault))),
            Err(fault) => Err(Error::Other(Box::new(fault))),
        }
    }
}

impl Acme {
    pub(super) async fn run(
        &self,
        account: &Account,
        names: &[DomainName],
        replaces: Option<CertificateIdentifier<'static>>,
    ) -> Result<Checked, Ended> {
        let wanted: Vec<Identifier> = names
            .iter()
            .map(|name| Identifier::Dns(name.as_str().to_owned()))
            .collect();
        let mut order = begun(account, &wanted, replaces).await?;
        let mut offered = Offered {
            challenges: Arc::clone(&self.challenges),
            tokens: BTreeSet::new(),
        };
        proved(&mut order, &mut offered)
            .await
            .map_err(|error| ended(&error))?;
        let refused = match stubbornly!(order.poll_ready(&LOOKING)) {
            Ok(OrderStatus::Ready) => None,
            Ok(_) => Some(OrderFailure::new(
                OrderTrouble::NotReached,
                "the order was refused",
            )),
            Err(error) => Some(failure(&error)),
        };
        if let Some(refused) = refused {
            let told = why_refused(&mut order).await;
            return Err((told.unwrap_or(refused), false));
        }
        drop(offered);
        let (chain, key) = signed(&mut order, names).await?;
        self.checked(&chain, &key, names)
    }

    /// What came, judged like everything that comes from elsewhere.
    fn checked(&self, chain: &str, key: &Secret, names: &[DomainName]) -> Result<Checked, Ended> {
        let now = self.clock.now();
        let judged = self.certificates.judge(chain, key.expose(), now);
        let checked = judged.map_err(|errors| {
            let problem = errors.0.into_values().next();
            unusable(problem.map_or("no certificate", |problem| problem.code))
        })?;
        match self.certificates.uncovered(&checked.bundle.chain, names) {
            Some(name) => {
                let (failure, known) = unusable("it is not for all of the names");
                Err((failure.about(&name), known))
            }
            None => Ok(checked),
        }
    }
}

/// Places the order; as one that replaces nothing where the authority does not take it as the other.
async fn begun(
    account: &Account,
    wanted: &[Identifier],
    replaces: Option<CertificateIdentifier<'static>>,
) -> Result<Order, Ended> {
    if let Some(replaces) = replaces {
        let order = NewOrder::new(wanted).replaces(replaces);
        match stubbornly!(account.new_order(&order)) {
            Ok(order) => return Ok(order),
            Err(error)
                if is_account(&error) || failure(&error).trouble == OrderTrouble::Limited =>
            {
                return Err(ended(&error));
            }
            Err(error) => tracing::info!(%error, "ordered as one that replaces nothing"),
        }
    }
    let order = NewOrder::new(wanted);
    stubbornly!(account.new_order(&order)).map_err(|error| ended(&error))
}

/// Answers what the authority wants to see under each name, and lets it look.
async fn proved(order: &mut Order, offered: &mut Offered) -> Result<(), Error> {
    let mut left = NONCES;
    loop {
        // What was told before is not told again: each name is looked at once.
        match offer(order, offered).await {
            Err(error) if left > 0 && is_nonce(&error) => left -= 1,
            answered => return answered,
        }
    }
}

async fn offer(order: &mut Order, offered: &mut Offered) -> Result<(), Error> {
    let mut all = order.authorizations();
    while let Some(one) = all.next().await {
        let mut one = one?;
        if one.status != AuthorizationStatus::Pending {
            continue;
        }
        let challenge = one.challenge(ChallengeType::Http01);
        let mut challenge = challenge.ok_or(Error::Str("a challenge over HTTP"))?;
        let waits = challenge.status == ChallengeStatus::Pending;
        if !waits || offered.tokens.contains(&challenge.token) {
            continue;
        }
        let token = challenge.token.clone();
        let answer = challenge.key_authorization();
        offered.put(&token, answer.as_str()).await?;
        stubbornly!(challenge.set_ready())?;
    }
    Ok(())
}

/// What the authority found under the first name that it refused, where it says so.
async fn why_refused(order: &mut Order) -> Option<OrderFailure> {
    for _again in 0..NONCES {
        match found_wrong(order).await {
            Ok(found) => return found,
            Err(error) if is_nonce(&error) => {}
            Err(_) => break,
        }
    }
    None
}

async fn found_wrong(order: &mut Order) -> Result<Option<OrderFailure>, Error> {
    let mut all = order.authorizations();
    while let Some(one) = all.next().await {
        let mut one = one?;
        let state = one.refresh().await?;
        let host = name(state.identifier().identifier);
        let told = state.challenges.iter().find_map(|one| one.error.as_ref());
        if let (Some(host), Some(told)) = (host, told) {
            return Ok(Some(complaint(told).about(&host)));
        }
    }
    Ok(None)
}

/// Has a new key signed for these names.
async fn signed(order: &mut Order, names: &[DomainName]) -> Result<(String, Secret), Ended> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).map_err(unusable)?;
    params.distinguished_name = DistinguishedName::new();
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(unusable)?;
    let request = params.serialize_request(&key).map_err(unusable)?;
    let sent = stubbornly!(order.finalize_csr(request.der()));
    sent.map_err(|error| ended(&error))?;
    let chain = stubbornly!(order.poll_certificate(&LOOKING));
    let chain = chain.map_err(|error| ended(&error))?;
    Ok((chain, Secret::new(key.serialize_pem())))
}
