// Package parley holds the words of Parley: its nouns, their typed ids, the
// catalogue of events, and the kinds of error. It imports the standard library
// only, and everything else in this module imports it.
//
// Parley is a self-hosted customer-conversation platform. A change goes down
// once, from a door (API, dashboard, widget) through a verb into one database
// transaction that holds the changed rows and the events they cause; what
// follows from it comes up through the event log. See CONTRIBUTING.md for the map.
package parley
