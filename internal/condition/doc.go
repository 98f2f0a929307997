// Package condition checks and runs conditions on events, written in CEL, the
// Common Expression Language (https://cel.dev): the filter of a webhook endpoint,
// the free-text condition of an automation rule. [Compile] finds what is wrong
// with a condition before it is saved; [Condition.Match] is cheap, bounded in time
// and memory whatever the condition and the event hold, and never panics.
//
//	data.conversation.status == 'open' && data.conversation.labels.exists(l, l == 'vip')
//
// # What a condition may speak of
//
//	id, type             string
//	sequence             int
//	timestamp            timestamp
//	organization_id      string
//	inbox_id             string, null if the event belongs to no inbox
//	actor.type, .id      string
//	cause.event_id, .rule_id, .depth    cause is null if a person or a client acted
//	data                 what the catalogue declares for the types of events
//
// The types of data's members follow from the payload structs: ids, statuses and
// other texts are strings, times are timestamps, whole numbers are ints, lists are
// lists, objects have the fields of their struct, and what the struct holds by
// pointer may be null. Named values (variables, custom fields, previous) are maps
// of values of any type. A message's content has type, text and payload, the last
// of any type. Where several types of events differ, data has the members of all;
// a member that has two types in them is of any type.
//
// Data of custom events is of any type. Where a condition is also for declared
// types, members that nobody declared are accepted only if its patterns name
// custom events ("custom.*", "custom.paid"); under "*" one writes dyn(data).amount,
// so that a misspelt field is still found.
//
// A value of any type is what JSON says: a number written without fraction and
// exponent is an int if it fits into 64 bits, any other a double; numbers compare
// across these (1 == 1.0). Times are strings there: timestamp(data.when).
//
// # What an event does not have
//
// A condition that needs what the event does not have does not match, and that is
// no error: data.conversation.status == 'open' passes over events of contacts, and
// so does data.conversation.status != 'open'. As in SQL, what is not there is
// neither equal nor different. The other side of an || and a false side of an &&
// still decide. The same holds for a key that a map does not have, for an index
// beyond the end of a list, and for null where a value is needed
// (data.contact.email.endsWith('@example.com') without an email).
//
// To ask first: has(data.conversation.status) tells whether the event has it and
// it is not null, also if it has no conversation at all. An object that is not
// there equals null, and so does a nullable value that is null:
// data.contact.email == null. Of a map, has(m.x) or 'x' in m tells whether it has
// the key.
//
// # Functions
//
// All of CEL's own: == != < <= > >= + - * / % ! && || ?: in [], size, contains,
// startsWith, endsWith, matches, has, all, exists, exists_one, map, filter, the
// conversions, and the parts of timestamps and durations (UTC unless a zone is
// given). From its strings extension: lowerAscii, upperAscii, trim, substring,
// indexOf, lastIndexOf, charAt. The pattern of matches must be a literal; it is
// RE2, so it cannot run away.
//
// # Limits
//
// A condition has at most 4,000 characters, is nested at most 40 deep, and has
// at most 3 of all, exists, map and filter within each other. A run is stopped,
// with an error, when it has cost too much, which takes milliseconds.
package condition
