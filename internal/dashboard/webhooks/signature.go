package webhooks

import (
	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/endpoint"
)

// examined is a request that somebody pasted, and what was found.
type examined struct {
	Webhook       parley.Webhook
	Headers, Body string
	Diagnosis     *endpoint.Diagnosis
}

func showSignature(r *page.Request) error {
	w, err := endpointOf(r)
	if err != nil {
		return err
	}
	return r.Page(page.Show{Title: "Verify a signature", Current: home, Width: ui.Narrow}, signaturePage(examined{Webhook: w}))
}

func checkSignature(r *page.Request) error {
	w, err := act(r)
	if err != nil {
		return err
	}
	x := examined{Webhook: w, Headers: r.PostForm.Get("headers"), Body: r.PostForm.Get("body")}
	found, err := r.Site.Endpoints.Diagnose(r.Context(), r.Org(), w.ID, lines(x.Headers), []byte(lines(x.Body)))
	if err != nil {
		return err
	}
	x.Diagnosis = &found
	return r.Page(page.Show{Title: "Verify a signature", Current: home, Width: ui.Narrow}, signaturePage(x))
}

func findingTone(k endpoint.FindingKind) ui.Tone {
	switch k {
	case endpoint.Good:
		return ui.Good
	case endpoint.PreviousSecret, endpoint.UnknownEvent, endpoint.OtherVersion:
		return ui.Warn
	default:
		return ui.Bad
	}
}
