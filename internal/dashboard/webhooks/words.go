package webhooks

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/endpoint"
)

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
