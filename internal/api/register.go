package api

import (
	"context"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley"
	"parley/internal/database"
	"parley/internal/noun"
	"parley/internal/ratelimit"
	"parley/internal/web"
)

// operation declares one route: all that the document says of it and all that is
// checked before its handler runs.
type operation struct {
	ID      string // "create-contact"; the document says createContact
	Method  string
	Path    string
	Summary string
	Doc     string
	Tag     string
	Scope   parley.Scope

	Status       int          // of success; 200 if 0
	Body         *huma.Schema // what the body must be; nil: there is none
	BodyOptional bool         // the body may be left out
	Answer       *huma.Schema // what the answer is, if the type that the handler gives does not say
	Errors       []int        // besides those that every operation has
	Upload       bool         // the body is a file, which the handler reads itself
	Stream       bool         // the answer is a stream of events, which the handler writes itself
	File         bool         // the answer is a file, which the handler writes itself
	Outward      bool         // the handler waits for somebody else: it is never part of a transaction, and has limits of its own
}

// call is a request that has been let in.
type call struct {
	admission
	body []byte
}

// versioned objects answer with an ETag.
type versioned interface{ version() int64 }

// encoded values write themselves as JSON, the same bytes that [parley.JSON] gives.
type encoded interface {
	appendJSON(b []byte, q database.Querier, org parley.OrganizationID) ([]byte, error)
}

// answer is a finished answer, ready to be sent or kept.
type answer struct {
	status int
	header map[string]string
	body   []byte
}

// output is the answer as huma wants it: a function that writes it.
type output struct{ Body func(huma.Context) }

// register declares an operation and its handler, which gets a request whose key
// has the scope and whose parameters are valid, and gives the answer's value or
// an error.
func register[I, O any](a *API, op operation, handle func(ctx context.Context, c *call, in *I) (O, error)) {
	h := a.declare(op, reflect.TypeFor[O]())
	status := max(op.Status, http.StatusOK)
	huma.Register(a.huma, h, func(ctx context.Context, in *I) (*output, error) {
		c := a.enter(ctx)
		if !c.Allows(op.Scope) {
			return problem(missingScope(op.Scope)), nil
		}
		if op.Outward {
			c.patience.lift()
		}
		run := func(ctx context.Context) (answer, error) {
			out, err := handle(ctx, c, in)
			if err != nil {
				return answer{}, err
			}
			return encode(a.DB.Read(), c.Caller.Organization, status, out)
		}
		var ans answer
		var err error
		if c.idempotencyKey != "" && op.Method == http.MethodPost {
			ans, err = a.once(ctx, c, op.Outward, run)
		} else {
			ans, err = run(ctx)
		}
		if err != nil {
			return problem(err), nil
		}
		return &output{ans.write}, nil
	})
	a.finish(op)
}

// stream declares an operation whose handler writes events, one after another.
func stream[I any](a *API, op operation, handle func(ctx context.Context, c *call, in *I, w http.ResponseWriter) error) {
	op.Stream = true
	direct(a, op, func(ctx context.Context, c *call, in *I, w http.ResponseWriter, r *http.Request) error {
		if r.Method == http.MethodHead { // what follows would have no end, and nobody to read it
			w.WriteHeader(http.StatusOK)
			return nil
		}
		return handle(ctx, c, in, w)
	})
}

// direct declares an operation whose handler has the request and the answer in its
// own hands.
func direct[I any](a *API, op operation, handle func(ctx context.Context, c *call, in *I, w http.ResponseWriter, r *http.Request) error) {
	huma.Register(a.huma, a.declare(op, nil), func(ctx context.Context, in *I) (*output, error) {
		c := a.enter(ctx)
		if !c.Allows(op.Scope) {
			return problem(missingScope(op.Scope)), nil
		}
		return &output{func(h huma.Context) {
			r, w := humago.Unwrap(h)
			if err := handle(ctx, c, in, w, r); err != nil {
				web.WriteError(w, r, err)
			}
		}}, nil
	})
	a.finish(op)
}

func (a *API) enter(ctx context.Context) *call {
	in, _ := ctx.Value(admissionKey{}).(admission)
	return &call{in, web.Body(ctx)}
}

func missingScope(s parley.Scope) error {
	return &parley.Error{
		Kind: parley.Forbidden, RequiredScope: string(s),
		Detail: "Your API key does not have the scope " + string(s) + ". Make a key that has it, or ask an admin to.",
	}
}

func encode(q database.Querier, org parley.OrganizationID, status int, value any) (answer, error) {
	ans := answer{status: status, header: map[string]string{}}
	if v, ok := value.(versioned); ok {
		ans.header["ETag"] = strconv.Quote(strconv.FormatInt(v.version(), 10))
	}
	if status == http.StatusNoContent {
		return ans, nil
	}
	var err error
	if v, ok := value.(encoded); ok {
		ans.body, err = v.appendJSON(nil, q, org)
	} else {
		ans.body, err = parley.JSON(value)
	}
	return ans, err
}

func (ans answer) write(h huma.Context) {
	_, w := humago.Unwrap(h)
	ans.send(w)
}

func (ans answer) send(w http.ResponseWriter) {
	h := w.Header()
	for name, value := range ans.header {
		h.Set(name, value)
	}
	h.Set("Cache-Control", "no-store")
	if ans.status != http.StatusNoContent {
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(ans.body)))
	}
	w.WriteHeader(ans.status)
	_, _ = w.Write(ans.body)
}

func problem(err error) *output {
	return &output{func(h huma.Context) {
		r, w := humago.Unwrap(h)
		web.WriteError(w, r, err)
	}}
}

// humaProblem is an error that huma found itself, in a parameter.
type humaProblem struct{ web.Problem }

func (p *humaProblem) Error() string             { return p.Detail }
func (p *humaProblem) GetStatus() int            { return p.Status }
func (p *humaProblem) ContentType(string) string { return "application/problem+json" }

var humaErrors sync.Once

// hideHumaErrors makes huma's own errors look like all others. huma has one hook
// for the whole process.
func hideHumaErrors() {
	humaErrors.Do(func() {
		huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
			var fields []parley.FieldError
			for _, err := range errs {
				if d, ok := err.(huma.ErrorDetailer); ok {
					fields = append(fields, parley.FieldError{Location: d.ErrorDetail().Location, Message: d.ErrorDetail().Message})
				}
			}
			id := ""
			if ctx != nil {
				id = web.Facts(ctx.Context()).ID
			}
			return &humaProblem{web.ProblemOf(parley.InvalidFields(fields...), id)}
		}
	})
}

func policy(l ratelimit.Limit) string {
	return `"default";q=` + strconv.Itoa(l.Quota) + `;w=` + strconv.Itoa(int(l.Window.Seconds()))
}

func remaining(s ratelimit.State) string {
	return `"default";r=` + strconv.Itoa(s.Remaining) + `;t=` + strconv.Itoa(int(math.Ceil(s.Reset.Seconds())))
}

// ifMatch reads the version that an If-Match header names.
func ifMatch(header string) (int64, error) {
	header = strings.TrimSpace(header)
	if header == "" || header == "*" {
		return noun.AnyVersion, nil
	}
	text, err := strconv.Unquote(strings.TrimPrefix(header, "W/"))
	if err == nil {
		if v, err := strconv.ParseInt(text, 10, 64); err == nil && v >= 0 {
			return v, nil
		}
	}
	return 0, parley.InvalidField("header.If-Match", `must be the ETag of an earlier answer, such as "42"`)
}
