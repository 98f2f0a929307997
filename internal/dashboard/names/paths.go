package names

import (
	"parley"
)

// paths are where the pages of objects are, by noun. The others have none.
var paths = map[string]string{
	"contact": "/contacts/", "conversation": "/inbox/", "ticket": "/tickets/", "task": "/tasks/", "appointment": "/appointments/",
	"order": "/orders/", "payment": "/payments/", "deal": "/deals/", "article": "/articles/", "webhook": "/developers/webhooks/",
}

// Path is the page of the object that an id names, "" if it has none.
func Path(id string) string {
	if path := paths[NounOf(id)]; path != "" {
		return path + id
	}
	return ""
}

// NounAt is the noun whose list is at an address, and whose objects have their pages
// below it; "" if there is none.
func NounAt(address string) string {
	for noun, path := range paths {
		if path == address+"/" {
			return noun
		}
	}
	return ""
}

// EventPath is the page of an event.
func EventPath(id parley.EventID) string { return "/developers/events/" + string(id) }

// DeliveryPath is the page of a delivery to an endpoint.
func DeliveryPath(webhook parley.WebhookID, id parley.DeliveryID) string {
	return Path(string(webhook)) + "/deliveries/" + string(id)
}

// actors are what those are called who act and have no name, by their type.
var actors = map[string]string{
	parley.ActorAPIKey: "An API key", parley.ActorSystem: "Parley", parley.ActorUser: "Somebody who left", parley.ActorContact: "A contact",
}

// Actor is what somebody who acts is called, at the beginning of a sentence; all are
// the names that are known.
func Actor(a parley.Actor, all Names) string {
	switch name := all[a.ID]; {
	case name != "" && a.Type == parley.ActorAPIKey:
		return "The API key " + name
	case name != "":
		return name
	case actors[a.Type] != "":
		return actors[a.Type]
	}
	return "An automation"
}
