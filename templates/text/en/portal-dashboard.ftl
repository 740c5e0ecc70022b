# Overview.
dashboard-greeting = Hello, { $name }
dashboard-lead-empty = Welcome. Three steps, and your website and your mail are running.
dashboard-lead-fine = All is well. There is nothing you need to do.
dashboard-lead-busy = All is well. A change is being applied right now.
dashboard-lead-failed = Something here needs your attention. Everything else goes on running.
dashboard-lead-suspended = Your account is suspended. The reason is on this page; write to us if you have questions.
dashboard-lead-erasing = Your account is suspended and will be removed. When that happens, and who can still stop it, is on this page.
dashboard-new = Create
dashboard-services =
    { $total ->
        [one] { $live ->
            [0] Your service is not live yet
           *[other] Your service is live
        }
       *[other] { $live } of { $total } services are live
    }
dashboard-services-none = No services yet
dashboard-services-none-text = Every webspace, domain and mailbox becomes a cell of your honeycomb here.
dashboard-all-live = Nothing is pending.
dashboard-failed =
    { $count ->
        [one] One service still lacks a step.
       *[other] { $count } services still lack a step.
    }
dashboard-busy =
    { $count ->
        [one] One change is under way.
       *[other] { $count } changes are under way.
    }
dashboard-suspended =
    { $count ->
        [one] One service is suspended.
       *[other] { $count } services are suspended.
    }
dashboard-count-webspace =
    { $count ->
        [one] 1 webspace
       *[other] { $count } webspaces
    }
dashboard-count-domain =
    { $count ->
        [one] 1 domain
       *[other] { $count } domains
    }
dashboard-count-mailbox =
    { $count ->
        [one] 1 mailbox
       *[other] { $count } mailboxes
    }
dashboard-count-alias =
    { $count ->
        [one] 1 alias address
       *[other] { $count } alias addresses
    }
dashboard-count-database =
    { $count ->
        [one] 1 database
       *[other] { $count } databases
    }
dashboard-comb = { $total } services: { $live } live, { $busy } changing, { $failed } not live yet, { $suspended } suspended
dashboard-domain-unproved = We do not see the proof of this domain yet. Until then your website is reachable at its preview address.
dashboard-is-pending = Being set up right now, mostly within 2 seconds.
dashboard-is-updating = Your change is being applied. Until then everything is as before.
dashboard-is-suspended = Is suspended, its data is unchanged.
dashboard-is-deleting = Is being deleted.
dashboard-is-live = Is live.
dashboard-help = Instructions
dashboard-plan = Use of your plan
dashboard-next = Next steps
dashboard-next-done = { $done } of { $total } done
dashboard-step-is-done = (done)
dashboard-step-webspace = Create your first webspace
dashboard-step-webspace-why = The place for your website, reachable at a preview address at once
dashboard-step-domain = Connect your own domain
dashboard-step-domain-why = So that visitors find you under your name
dashboard-step-mailbox = Create your first mailbox
dashboard-step-mailbox-why = For mail under your own domain
dashboard-step-owner = Invite a second owner
dashboard-step-owner-why = So that somebody can act when you cannot
