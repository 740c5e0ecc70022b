//! What can be typed.

use crate::cli::node::NodeVerb;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// A hosting control panel: webspaces, mailboxes, databases and domains, live in under two seconds.
#[derive(Debug, Parser)]
#[command(
    name = "wabe",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Where the installation lies.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The data folder [default: ./var].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A configuration file in TOML.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the panel's state lies: a postgres:// URL instead of the data folder's SQLite file.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

/// Who issues certificates.
#[derive(Debug, Clone, Args)]
pub struct Authority {
    /// Order certificates for customers' domains from the authority with this ACME directory, and agree to
    /// its terms; without it they keep certificates that nobody signed.
    #[arg(long, value_name = "URL")]
    pub acme: Option<String>,
    /// Whom the authority writes to.
    #[arg(long, value_name = "EMAIL")]
    pub acme_contact: Option<String>,
    /// The authority of the directory's own certificate, in PEM, where the public ones do not sign it.
    #[arg(long, value_name = "FILE")]
    pub acme_root: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Start everything on this machine, with two customers and their content to try.
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:\n  wabe demo\n  wabe demo --fresh --data /tmp/wabe\n  wabe demo --services\n  wabe demo --ephemeral-ports --ready-file /tmp/ready.json"
    )]
    Demo {
        #[command(flatten)]
        place: Place,
        /// Let the system choose free ports.
        #[arg(long)]
        ephemeral_ports: bool,
        /// Write addresses and accounts here once everything answers.
        #[arg(long, value_name = "FILE")]
        ready_file: Option<PathBuf>,
        /// Begin with an empty data folder.
        #[arg(long)]
        fresh: bool,
        /// Put the packages of this folder, and of the folders in it, into the catalogue.
        #[arg(long, value_name = "FOLDER")]
        plugins: Option<PathBuf>,
        /// Start private instances of real services: nginx with PHP in place of the server that is built in,
        /// MariaDB and PostgreSQL for databases.
        #[arg(long)]
        services: bool,
        #[command(subcommand)]
        verb: Option<DemoVerb>,
    },
    /// Start the panel and the servers of this machine.
    #[command(
        after_help = "Examples:\n  wabe serve --config /etc/wabe/wabe.toml\n  wabe serve --data /var/lib/wabe --database postgres://wabe@localhost/wabe\n  wabe serve --acme https://acme-v02.api.letsencrypt.org/directory --acme-contact ops@hoster.example"
    )]
    Serve {
        #[command(flatten)]
        place: Place,
        /// Let the system choose free ports.
        #[arg(long)]
        ephemeral_ports: bool,
        /// Write the addresses here once everything answers.
        #[arg(long, value_name = "FILE")]
        ready_file: Option<PathBuf>,
        #[command(flatten)]
        authority: Authority,
    },
    /// Bring the database up to date, and nothing else.
    #[command(after_help = "Example:\n  wabe migrate --data /var/lib/wabe")]
    Migrate {
        #[command(flatten)]
        place: Place,
    },
    /// Move the panel's state to another database.
    #[command(subcommand)]
    Store(StoreVerb),
    /// People who can log in.
    #[command(subcommand)]
    User(UserVerb),
    /// Customers.
    #[command(subcommand)]
    Customer(CustomerVerb),
    /// API tokens.
    #[command(subcommand)]
    Token(TokenVerb),
    /// The record of changes.
    #[command(subcommand)]
    Audit(AuditVerb),
    /// Look for what is wrong with this installation, and say how to mend it.
    #[command(
        after_help = "Examples:\n  wabe doctor --config /etc/wabe/wabe.toml\n  wabe doctor --data /var/lib/wabe --json"
    )]
    Doctor {
        #[command(flatten)]
        place: Place,
        /// Print the findings as JSON, for programs.
        #[arg(long)]
        json: bool,
    },
    /// This machine as a node.
    #[command(subcommand)]
    Node(NodeVerb),
    /// Write, try, pack and sign plugins, in the sandbox that runs them.
    #[command(
        disable_help_flag = true,
        after_help = "Examples:\n  wabe plugin new --lang rust greeter\n  wabe plugin --help"
    )]
    Plugin {
        /// What `wabe-sandbox plugin` understands.
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "COMMAND"
        )]
        arguments: Vec<OsString>,
    },
    /// The configuration.
    #[command(subcommand)]
    Config(ConfigVerb),
}

/// `wabe demo …`
#[derive(Debug, Subcommand)]
pub enum DemoVerb {
    /// Print the codes that the demo's staff log in with at this moment; each is good once.
    #[command(
        after_help = "Examples:\n  wabe demo code\n  wabe demo code ole@hoster.example --data /tmp/wabe"
    )]
    Code {
        /// The address of one account; everybody's when absent.
        email: Option<String>,
        /// The data folder [default: ./var].
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

/// `wabe store …`
#[derive(Debug, Subcommand)]
pub enum StoreVerb {
    /// Copy everything into an empty database; the panel must not be running.
    #[command(
        after_help = "Example:\n  wabe store move --data var --to postgres://wabe@localhost/wabe"
    )]
    Move {
        #[command(flatten)]
        place: Place,
        /// The postgres:// URL of an empty database.
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

/// `wabe user …`
#[derive(Debug, Subcommand)]
pub enum UserVerb {
    /// Make a member of staff; prints the initial password.
    #[command(
        after_help = "Example:\n  wabe user create --email mira@hoster.example --name 'Mira Wendt' --role operator"
    )]
    Create {
        #[command(flatten)]
        place: Place,
        /// The address to log in with.
        #[arg(long)]
        email: String,
        /// What the person is called.
        #[arg(long)]
        name: String,
        /// support, operator, management, auditor or privacy_officer; may be repeated.
        #[arg(long, required = true)]
        role: Vec<String>,
    },
    /// List the staff.
    #[command(after_help = "Example:\n  wabe user list --data /var/lib/wabe")]
    List {
        #[command(flatten)]
        place: Place,
    },
}

/// `wabe customer …`
#[derive(Debug, Subcommand)]
pub enum CustomerVerb {
    /// Make a customer with its owner; prints the owner's initial password.
    #[command(
        after_help = "Example:\n  wabe customer create --name 'Example Ltd' --plan Start --owner-name 'Ada Example' --owner-email ada@example.org"
    )]
    Create {
        #[command(flatten)]
        place: Place,
        /// Its name.
        #[arg(long)]
        name: String,
        /// The plan it books.
        #[arg(long)]
        plan: String,
        /// What the owner is called.
        #[arg(long)]
        owner_name: String,
        /// The address the owner logs in with.
        #[arg(long)]
        owner_email: String,
        /// A second address of the owner, needed where the first is kept on this installation.
        #[arg(long)]
        second_email: Option<String>,
        /// Why; the customer sees it.
        #[arg(long, default_value = "order")]
        purpose: String,
    },
    /// List customers.
    #[command(after_help = "Example:\n  wabe customer list --search 'Example'")]
    List {
        #[command(flatten)]
        place: Place,
        /// Only names that begin with this.
        #[arg(long, default_value = "")]
        search: String,
    },
}

/// `wabe token …`
#[derive(Debug, Subcommand)]
pub enum TokenVerb {
    /// Make an API token; prints it once, and nothing else.
    #[command(
        after_help = "Examples:\n  wabe token create --user ada@example.org --data var\n  wabe token create --user ada@example.org --scope webspace:read --scope file:write --days 30\n  wabe token create --user ole@hoster.example --scope plugin:read --scope plugin:write --name 'Plugins from CI'"
    )]
    Create {
        #[command(flatten)]
        place: Place,
        /// The address of the person it acts for.
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// The customer it acts in, by number; the person's only one when absent. For somebody who works
        /// for the hoster and belongs to no customer, or with the word hoster: the hoster.
        #[arg(long, value_name = "NUMBER")]
        customer: Option<String>,
        /// What it may do, such as webspace:read; everything the person may when absent.
        #[arg(long, value_name = "SCOPE")]
        scope: Vec<String>,
        /// Days until it ends, 1 to 365.
        #[arg(long, default_value_t = 90)]
        days: i64,
        /// What to call it; what the hoster's tokens change has this as its purpose in the record.
        #[arg(long, default_value = "cli")]
        name: String,
    },
    /// List the hoster's own API tokens; customers see theirs in the portal.
    #[command(after_help = "Example:\n  wabe token list --data var")]
    List {
        #[command(flatten)]
        place: Place,
    },
    /// End one of the hoster's own API tokens at once.
    #[command(
        after_help = "Example:\n  wabe token revoke tok_01kb3fcv2ce8ja41hvr6xsa35a --purpose 'It was in a log'"
    )]
    Revoke {
        #[command(flatten)]
        place: Place,
        /// Which one, as `wabe token list` names it.
        id: String,
        /// Why; it stands in the record.
        #[arg(long, default_value = "no longer wanted")]
        purpose: String,
    },
}

/// `wabe audit …`
#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    /// Check that nothing in the record was changed, removed or put in.
    #[command(after_help = "Example:\n  wabe audit verify --data var")]
    Verify {
        #[command(flatten)]
        place: Place,
        /// A checkpoint that was kept elsewhere; the record must still contain it.
        #[arg(long, value_name = "FILE")]
        known: Vec<PathBuf>,
    },
    /// Write the whole record's skeleton, for a check on another machine.
    #[command(after_help = "Example:\n  wabe audit dump --data var > record.txt")]
    Dump {
        #[command(flatten)]
        place: Place,
    },
}

/// `wabe config …`
#[derive(Debug, Subcommand)]
pub enum ConfigVerb {
    /// Report everything that is wrong with the configuration.
    #[command(after_help = "Example:\n  wabe config check --config /etc/wabe/wabe.toml")]
    Check {
        #[command(flatten)]
        place: Place,
    },
    /// Print the configuration in force. It holds no secrets.
    #[command(after_help = "Example:\n  wabe config show --config /etc/wabe/wabe.toml")]
    Show {
        #[command(flatten)]
        place: Place,
    },
}
