# What is wrong with a package, a grant or a setting: package-<code>. Each names the place, the cause and the next step.
package-not-utf8 = { $place }: this is not UTF-8 from byte { $offset } on. Save the file as UTF-8.
package-not-toml = { $place }: this is not TOML ({ $reason }). Mend the line.
package-not-json = { $place }: this is not JSON ({ $reason }). Mend the place.
package-unknown-key = { $place }: the key { $name } does not exist here. Use one of these: { $known }.
package-missing = { $place }: { $name } is missing. Add it.
package-wrong-type = { $place }: here stands { $found }, expected is { $expected }. Write it like that.
package-not-a-choice = { $place }: “{ $value }” cannot be chosen. Use one of these: { $known }.
package-too-long = { $place }: this has { $found } characters, { $max } at most are possible. Shorten it.
package-too-many = { $place }: { $found } { $what } are too many, { $max } at most are possible. Leave some out.
package-empty = { $place }: { $what } is empty. Write something there.
package-duplicate = { $place }: “{ $value }” is there twice. Keep one of them.
package-control-character = { $place }: character { $at } is a control character or invisible. Remove it.
package-bad-name = { $place }: “{ $value }” is not a name that is possible here. Use { $shape }.
package-bad-version = { $place }: “{ $value }” is not a version. Write it as in 1.0.0.
package-unknown-api = { $place }: version { $value } of the interface is not spoken here. Use one of these: { $known }.
package-bad-number = { $place }: { $value } is out of range. Use a number from { $min } to { $max }.
package-unknown-capability = { $place }: the capability “{ $value }” does not exist. Use one of these: { $known }.
package-bad-capability = { $place }: the capability “{ $value }” is not complete. Write it as { $shape }.
package-bad-host = { $place }: “{ $value }” is not the name of a server. Write the exact name such as api.example.org, with :port when it is not 443; addresses and asterisks are not possible.
package-bad-topic = { $place }: “{ $value }” is not a topic. Write words with dots between them, such as mailbox.create or mailbox.*.
package-fields-missing = { $place }: { $capability } does not say which fields it reads. Add fields = […] with the few that are needed.
package-fields-unexpected = { $place }: { $capability } has no fields. Remove the line fields; only records:… has them.
package-capability-missing = { $place }: the trigger { $trigger } needs the capability { $capability }. Add a [[capability]] with it.
package-capability-unused = { $place }: nothing uses the capability { $capability }. Remove it, or add the trigger that needs it.
package-secret-missing = { $place }: the capability secret:{ $name } names a secret that is not declared. Add a [[secret]] with name = "{ $name }".
package-secret-unused = { $place }: the secret { $name } has no capability. Add a [[capability]] with capability = "secret:{ $name }".
package-not-asked = { $place }: the plugin does not ask for { $capability }. Grant only what it asks for.
package-not-granted = { $place }: the plugin does not work without { $capability }. Grant it, or do without the plugin.
package-webspaces-missing = { $place }: { $capability } was granted for no webspace. Choose at least one.
package-bad-filter = { $place }: the filter “{ $path }” does not work ({ $reason }). Write a path with dots and a text, a whole number, true or false, such as "object.kind" = "mailbox".
package-bad-cron = { $place }: { $field } “{ $value }” cannot be read ({ $reason }). Write five fields: minute, hour, day, month, weekday, such as 0 3 * * *.
package-cron-too-often = { $place }: this runs { $minutes } minutes after the time before. Leave at least 5 minutes between two times.
package-cron-never = { $place }: “{ $expression }” never comes. Choose a day that exists.
package-not-a-tar = { $place }: this is not a plugin package ({ $reason }). Build it with wabe plugin pack.
package-part-unknown = { $place }: the part { $name } does not belong into the package. Remove it; a package holds { $known }.
package-part-missing = { $place }: the part { $name } is missing. Put it beside plugin.toml and pack again.
package-part-too-large = { $place }: { $name } has { $found } bytes, { $max } at most are possible. Make it smaller.
package-package-too-large = { $place }: the package has { $found } bytes, { $max } at most are possible. Make it smaller.
package-not-signed = { $place }: the package is not signed, the part { $part } is missing. Sign it with wabe plugin sign --key FILE.
package-bad-signature = { $place }: the signature by the key { $key } does not fit these parts. Sign it again after the last change, with wabe plugin sign --key FILE.
package-other-key = { $place }: the package is signed by the key { $key }, not by { $expected }. Choose the key that belongs to it.
package-bad-key = { $place }: this is not an Ed25519 key ({ $reason }). Make one with wabe plugin key new FILE.
package-bad-schema = { $place }: the schema of the settings cannot be used ({ $reason }). Use an object of texts, whole numbers and yes or no.
package-title-missing = { $place }: the setting { $property } has no { $keyword }. Add it; German and English are both needed.
package-bad-default = { $place }: the default of { $property } does not fit ({ $reason }). Write one that the schema allows.
package-bad-page = { $place }: this is not a page ({ $reason }). Return { "{" }"v":1,"nodes":[…]{ "}" }.
package-too-deep = { $place }: this is nested deeper than { $max } levels. Flatten it.
package-bad-link = { $place }: “{ $value }” is not a link that pages may show. Link to a path of the portal that begins with /, or over https to one of these: { $hosts }.
package-bad-svg = { $place }: this is not an icon ({ $reason }). Use svg, g, path, circle, ellipse, rect, line, polyline, polygon and title, with their plain attributes.
package-core-module = { $place }: this is a core module, not a component. Build it with { $flag }.
package-text-format = { $place }: this is { $found }, not a binary component. Use the .wasm file that the build makes.
package-precompiled = { $place }: this is { $found }, and only components are accepted. Use the .wasm file that the build makes.
package-not-wasm = { $place }: this is not WebAssembly ({ $reason }). Use the .wasm file that the build makes.
package-invalid-wasm = { $place }: this is not a valid component at byte { $offset } ({ $reason }). Build it again with the kit's own command.
package-feature-off = { $place }: this uses { $feature } at byte { $offset }, which is switched off here. Build without it; the kit's own command does.
package-count-too-large = { $place }: { $found } { $what } are too many, { $max } at most are possible. Make the component smaller, or split the plugin.
package-function-too-large = { $place }: function { $function } has { $found } { $what }, { $max } at most are possible. Split the function; in Rust, build with opt-level = "s".
package-unknown-import = { $place }: the component imports { $import }, which nothing provides here. Use the kit of the interface version in plugin.toml; provided are { $known }.
package-unknown-export = { $place }: the component exports { $export }, which does not exist in this interface. Export only these: { $known }.
package-no-entry = { $place }: the component has no entry point. Export at least one of these: { $known }; the kit does it.
package-entry-missing = { $place }: the trigger { $trigger } needs { $export }, which the component does not have. Write the entry point, or remove the trigger.
package-compile-limit = { $place }: translating it took more { $limit } than a component may take ({ $max }). Make the component smaller; very large functions are the usual cause.
package-compile-failed = { $place }: it cannot be translated ({ $reason }). Build it with the pinned tools of the kit; if it stays, tell us.
