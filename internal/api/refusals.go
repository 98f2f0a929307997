package api

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/api/docs"
	"parley/internal/web"
)

// refused are the errors that operations answer with, each as somebody may meet it.
var refused = []*parley.Error{
	parley.Errorf(parley.Malformed, "The body is not JSON: there is an unexpected character at byte 17."),
	parley.Errorf(parley.Unauthenticated, "This API key is not valid: it is unknown, expired or revoked."),
	{
		Kind: parley.Forbidden, RequiredScope: "contacts:write",
		Detail: "Your API key does not have the scope contacts:write. Make a key that has it, or ask an admin to.",
	},
	parley.Missing("contact", "con_01kaf0v3b6f3nb8h5r0z7c4q9j"),
	parley.Errorf(parley.Conflict, "A request with this Idempotency-Key is still being served. Send it again a little later."),
	{
		Kind: parley.Gone, FirstSequence: 4711,
		Detail: "The log no longer keeps the events that follow sequence 1. The oldest that it keeps is 4711.",
	},
	parley.Errorf(parley.Stale, "The object has changed since the version that If-Match names. Get it again, and send the change with its new ETag."),
	parley.Errorf(parley.TooLarge, "The body is larger than 1 MiB."),
	parley.Errorf(parley.OutOfRange, "The file has 48211 bytes, and none where Range says."),
	parley.Errorf(parley.Unsupported, "The body must be JSON: send Content-Type: application/json."),
	parley.InvalidField("query.limit", "expected number <= 200"),
	{
		Kind: parley.TooMany, RetryAfter: time.Second,
		Detail: "Too many requests with this API key. Wait as long as Retry-After says, then go on more slowly.",
	},
	{Kind: parley.Internal},
	{Kind: parley.Unavailable, RetryAfter: time.Second, Detail: "The database does not answer. Try again later."},
	{Kind: parley.InsufficientSpace, RetryAfter: time.Minute, Detail: "The server has no room left to store this."},
}

const exampleRequestID = "req_01kaf0v3bk5m2r8t4w6y1c3d7f"

// describeRefusals adds to the document what operations refer to: one answer for each
// kind of error, with an example.
func (a *API) describeRefusals() map[string]*huma.Response {
	responses := map[string]*huma.Response{}
	for _, err := range refused {
		p := web.ProblemOf(err, exampleRequestID)
		r := &huma.Response{
			Description: docs.Meaning(p.Status),
			Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: a.components.Answer(reflect.TypeFor[web.Problem]()), Example: p},
			},
		}
		switch {
		case err.Kind == parley.Unauthenticated:
			r.Headers = map[string]*huma.Param{"WWW-Authenticate": textHeader("How to say who asks: `Bearer`")}
		case err.RetryAfter > 0:
			r.Headers = map[string]*huma.Param{"Retry-After": textHeader("After how many seconds to try again")}
		}
		responses[refusalName(p.Status)] = r
	}
	return responses
}

func textHeader(doc string) *huma.Param {
	return &huma.Param{Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
}

// refusalName is the name of the answer for an error: NotFound for 404.
func refusalName(status int) string {
	return strings.ReplaceAll(http.StatusText(status), " ", "")
}

// refusals are the answers, other than success, that an operation may give.
func (a *API) refusals(op operation) map[string]*huma.Response {
	codes := append([]int{400, 401, 403, 422, 429, 500, 503}, op.Errors...)
	if strings.Contains(op.Path, "{") {
		codes = append(codes, 404)
	}
	if op.Method != http.MethodGet { // a body is read and must be JSON, also where none is wanted
		codes = append(codes, 413, 415, 507)
	}
	if op.Method == http.MethodPost {
		codes = append(codes, 409)
	}
	responses := map[string]*huma.Response{}
	for _, code := range slices.Compact(slices.Sorted(slices.Values(codes))) {
		responses[strconv.Itoa(code)] = &huma.Response{Ref: "#/components/responses/" + refusalName(code)}
	}
	return responses
}
