//! A face: one audience's pages, and the navigation they share.

use wabe_access::Permission;

/// Who a route is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// Before the login, and for everybody.
    Door,
    /// The customers' portal.
    Portal,
    /// The hoster's staff.
    Staff,
    /// REST.
    Api,
}

/// One place of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavItem {
    /// The place's name; a page says `.at("webspaces")` to be shown as the current one. Also the key
    /// of [`Visitor::counts`](crate::Visitor).
    pub place: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// The icon's name in `icons.svg`.
    pub icon: &'static str,
    /// The Fluent message of its label.
    pub text: &'static str,
    /// Shown only to who holds this; to everybody when absent.
    pub needs: Option<Permission>,
}

/// Places under one heading.
#[derive(Debug, Clone, Copy)]
pub struct NavGroup {
    /// The Fluent message of the heading; none for the first group.
    pub heading: Option<&'static str>,
    /// The places.
    pub items: &'static [NavItem],
}

/// One audience's frame: its area and its navigation. Lives in a `static` of the room that owns it.
#[derive(Debug)]
pub struct Face {
    /// Who it is made for.
    pub area: Area,
    /// Where the mark leads.
    pub home: &'static str,
    /// Where the search form of the top bar leads; no search without.
    pub search: Option<&'static str>,
    /// The sidebar.
    pub nav: &'static [NavGroup],
    /// The tab bar on a phone, at most four places; "more" is added.
    pub tabs: &'static [NavItem],
}

/// The face of pages before the login.
pub static DOOR: Face = Face {
    area: Area::Door,
    home: "/",
    search: None,
    nav: &[],
    tabs: &[],
};
