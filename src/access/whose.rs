//! Commands of the hoster's that name a thing: in whose record they are is looked up first.

/// Two parts of a [`Command`](crate::Command) whose thing is `id`: it is prepared by looking up whose that is, with
/// the function that is named, and keeps it as `customer`. The room that uses it depends on `wabe-kernel`.
#[macro_export]
macro_rules! in_record_of {
    ($find:ident) => {
        const PREPARES: bool = true;

        fn customer(&self) -> Option<wabe_kernel::id::CustomerId> {
            self.customer
        }

        async fn prepare(
            &mut self,
            with: &$crate::command::Preparing<'_>,
        ) -> Result<(), $crate::Refusal> {
            self.customer = $find(with, self.id).await?;
            Ok(())
        }
    };
}
