package webhooks

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/endpoint"
)

// title is what an endpoint is called: by its description, else by its address.
func title(description, address string) string {
	if description != "" {
		return description
	}
	return shortURL(address)
}

// shortURL is an address without what all addresses have.
func shortURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.TrimSuffix(u.Host+u.RequestURI(), "/")
}

func statusTone(s parley.EndpointStatus) ui.Tone {
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

func deliveryTone(s parley.DeliveryStatus) ui.Tone {
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

// reasonOf is why an endpoint is not active, in words for somebody who has buttons.
func reasonOf(w parley.Webhook) string {
	if w.StatusReason == nil {
		return ""
	}
	text, _, _ := strings.Cut(*w.StatusReason, " POST /v1/")
	return text
}

// rate is a share of attempts as people read it.
func rate(t endpoint.StatsTotals) string {
	if t.SuccessRate == nil {
		return "–"
	}
	switch r := *t.SuccessRate * 100; {
	case r == 100:
		return "100 %"
	case r > 99.9:
		return "99.9 %"
	default:
		return strconv.FormatFloat(r, 'f', 1, 64) + " %"
	}
}

// took is a duration in milliseconds as people read it.
func took(ms float64) string {
	switch {
	case ms >= 10_000:
		return strconv.FormatFloat(ms/1000, 'f', 0, 64) + " s"
	case ms >= 1000:
		return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
	case ms >= 10:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
}

func code(status *int) string {
	if status == nil {
		return "–"
	}
	return strings.TrimSpace(strconv.Itoa(*status) + " " + http.StatusText(*status))
}

func said(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func count(n int64) string { return ui.Amount(float64(n)) }

// version tells states of a part apart.
func version(of ...any) string {
	h := fnv.New64a()
	_ = json.NewEncoder(h).Encode(of) // of plain values, to memory
	return strconv.FormatUint(h.Sum64(), 36)
}

// unchanged answers htmx, which asks every few seconds, that what it shows is what
// there is. Not ok if it is not.
func unchanged(r *page.Request, version string) bool {
	if !r.Partial() || r.Query("v") != version {
		return false
	}
	r.Writer.WriteHeader(http.StatusNoContent)
	return true
}

// withVersion is the address of a part, with the state that is shown.
func withVersion(address, version string) string {
	if strings.Contains(address, "?") {
		return address + "&v=" + version
	}
	return address + "?v=" + version
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func faultTitle(f fault) string {
	name, _, _ := strings.Cut(f.Field, "[")
	name = strings.ToUpper(name[:min(1, len(name))]) + strings.ReplaceAll(name[min(1, len(name)):], "_", " ")
	if f.Line > 0 {
		name += fmt.Sprintf(", line %d, column %d", f.Line, f.Column)
	}
	return name
}

// orSpace is a text that can be marked also where it is the end of a line.
func orSpace(text string) string {
	if text == "" {
		return " "
	}
	return text
}

func reason(p endpoint.Previewed) string { return said(p.Reason) }

// delays are seconds, as people read them.
func delays(seconds []int) string {
	words := make([]string, len(seconds))
	for i, s := range seconds {
		words[i] = (time.Duration(s) * time.Second).String()
	}
	return strings.Join(words, ", ")
}

// words is a name as people write it.
func words(name string) string {
	text := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(text[:1]) + text[1:]
}
