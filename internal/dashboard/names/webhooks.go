package names

import (
	"net/url"
	"strings"

	"parley"
	"parley/internal/dashboard/ui"
)

// Endpoint is what an endpoint is called: by its description, else by its address.
func Endpoint(description, address string) string {
	if description != "" {
		return description
	}
	return Address(address)
}

// Address is an address without what all addresses have.
func Address(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.TrimSuffix(u.Host+u.RequestURI(), "/")
}

// Reason is why something is as it is, in words for somebody who has buttons: without
// what only a client of the API can do. It is "" if there is none.
func Reason(reason *string) string {
	text, _, _ := strings.Cut(value(reason), " POST /v1/")
	return text
}

// EndpointTone is the tone of an endpoint's status.
func EndpointTone(s parley.EndpointStatus) ui.Tone {
	switch s {
	case parley.EndpointActive:
		return ui.Good
	case parley.EndpointFailing, parley.EndpointUnverified:
		return ui.Warn
	case parley.EndpointDisabled:
		return ui.Bad
	case parley.EndpointPaused:
	}
	return ui.Plain
}

// DeliveryTone is the tone of a delivery's status.
func DeliveryTone(s parley.DeliveryStatus) ui.Tone {
	switch s {
	case parley.Delivered:
		return ui.Good
	case parley.Retrying:
		return ui.Warn
	case parley.Failed:
		return ui.Bad
	case parley.Skipped:
	}
	return ui.Plain
}
