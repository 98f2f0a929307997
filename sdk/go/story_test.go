package parleyapi_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"parley/internal/testing/house"
	parleyapi "parley/sdk/go"
)

func TestTheClient(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for name, story := range map[string]func(*testing.T, *house.House){
		"has a method for every operation":         everyOperation,
		"goes through a list page by page":         pageByPage,
		"gives refusals as errors":                 refusals,
		"gives what a proxy refuses as errors too": strangeRefusals,
		"repeats a POST without doing it twice":    idempotency,
		"changes only what it has seen":            lostRace,
		"empties, fills and leaves fields":         nullables,
		"takes objects through their verbs":        verbs,
		"publishes events and reads them":          publishing,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			story(t, h.Room(t))
		})
	}
}

func clientOf(t *testing.T, h *house.House) *parleyapi.ClientWithResponses {
	t.Helper()
	api, err := parleyapi.New(h.URL, h.Secret)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// good ends the test unless a request went well.
func good[T any](t *testing.T) func(answer T, err error) T {
	return func(answer T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}

// A client that was made before the document changed may lack an operation.
func everyOperation(t *testing.T, h *house.House) {
	document, err := openapi3.NewLoader().LoadFromData(h.Get("/openapi.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	client, missing := reflect.TypeFor[parleyapi.ClientInterface](), 0
	for _, item := range document.Paths.Map() {
		for _, op := range item.Operations() {
			name := strings.ReplaceAll(strings.ToUpper(op.OperationID[:1])+op.OperationID[1:], "Api", "API")
			_, found := client.MethodByName(name)
			_, foundWithBody := client.MethodByName(name + "WithBody")
			if !found && !foundWithBody {
				missing++
				t.Errorf("there is no method %s", name)
			}
		}
	}
	if missing > 0 {
		t.Error("make the client anew: go generate ./sdk/go")
	}
}

func pageByPage(t *testing.T, h *house.House) {
	api, ctx := clientOf(t, h), t.Context()
	want := []string{"Ada", "Grace", "Edith", "Radia", "Barbara"}
	for _, name := range want {
		good[*parleyapi.CreateContactResponse](t)(api.CreateContactWithResponse(ctx, nil, parleyapi.ContactCreate{Name: &name}))
	}
	var got []string
	pages := 0
	for contact, err := range parleyapi.All(func(cursor *string) ([]parleyapi.Contact, *string, error) {
		pages++
		page, err := api.ListContactsWithResponse(ctx, &parleyapi.ListContactsParams{Limit: new(int64(2)), Cursor: cursor})
		if err != nil {
			return nil, nil, err
		}
		return page.JSON200.Data, page.JSON200.NextCursor, nil
	}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, *contact.Name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || pages != 3 {
		t.Errorf("got %v in %d pages, want %v in 3", got, pages, want)
	}
	refused := errors.New("no")
	for _, err := range parleyapi.All(func(*string) ([]parleyapi.Contact, *string, error) { return nil, nil, refused }) {
		if !errors.Is(err, refused) {
			t.Errorf("a page that cannot be got gives %v", err)
		}
	}
}

// refusal is what a request was refused with, which must have this status.
func refusal(t *testing.T, err error, status int64) parleyapi.Problem {
	t.Helper()
	var refused *parleyapi.Error
	if !errors.As(err, &refused) || refused.Status != status {
		t.Fatalf("want a refusal with %d, got %v", status, err)
	}
	if refused.RequestID == "" || refused.Title == "" || refused.Detail == "" {
		t.Errorf("the refusal says too little: %+v", refused)
	}
	return refused.Problem
}

func refusals(t *testing.T, h *house.House) {
	api, ctx := clientOf(t, h), t.Context()
	_, err := api.GetContactWithResponse(ctx, "con_01kaf0v3b6f3nb8h5r0z7c4q9j")
	refusal(t, err, http.StatusNotFound)

	_, err = api.CreateContactWithResponse(ctx, nil, parleyapi.ContactCreate{Email: new("nobody")})
	if e := refusal(t, err, http.StatusUnprocessableEntity); len(e.Errors) != 1 || e.Errors[0].Location != "body.email" || !strings.Contains(err.Error(), "body.email: ") {
		t.Errorf("the wrong field is told as %v", e)
	}

	reader := good[*parleyapi.CreateAPIKeyResponse](t)(api.CreateAPIKeyWithResponse(ctx, nil, parleyapi.APIKeyCreate{Name: "Reader", Scopes: []string{"contacts:read"}}))
	weak, err := parleyapi.New(h.URL, reader.JSON201.Key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = weak.CreateContactWithResponse(ctx, nil, parleyapi.ContactCreate{})
	if e := refusal(t, err, http.StatusForbidden); e.RequiredScope == nil || *e.RequiredScope != "contacts:write" {
		t.Errorf("the missing scope is told as %v", e.RequiredScope)
	}

	stranger, err := parleyapi.New(h.URL, "parley_nobody")
	if err != nil {
		t.Fatal(err)
	}
	_, err = stranger.GetOrganizationWithResponse(ctx)
	refusal(t, err, http.StatusUnauthorized)
}

func strangeRefusals(t *testing.T, _ *house.House) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		http.Error(w, "<h1>Bad Gateway</h1>", http.StatusBadGateway)
	}))
	t.Cleanup(proxy.Close)
	api, err := parleyapi.New(proxy.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.GetOrganizationWithResponse(t.Context())
	var refused *parleyapi.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusBadGateway || refused.RetryAfter != 3*time.Second || !strings.Contains(refused.Detail, "Bad Gateway") {
		t.Errorf("got %+v", err)
	}
}

func idempotency(t *testing.T, h *house.House) {
	api, ctx := clientOf(t, h), t.Context()
	once := &parleyapi.CreateTaskParams{IdempotencyKey: new("call-back-1")}
	task := func(title string) (*parleyapi.CreateTaskResponse, error) {
		return api.CreateTaskWithResponse(ctx, once, parleyapi.TaskCreate{Title: title})
	}
	first := good[*parleyapi.CreateTaskResponse](t)(task("Call back"))
	again := good[*parleyapi.CreateTaskResponse](t)(task("Call back"))
	if first.JSON201.ID != again.JSON201.ID || again.HTTPResponse.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("a second task was made: %s after %s", again.JSON201.ID, first.JSON201.ID)
	}
	_, err := task("Something else")
	var refused *parleyapi.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusConflict && refused.Status != http.StatusUnprocessableEntity {
		t.Errorf("the key of another request gives %v", err)
	}
}

func lostRace(t *testing.T, h *house.House) {
	api, ctx := clientOf(t, h), t.Context()
	made := good[*parleyapi.CreateContactResponse](t)(api.CreateContactWithResponse(ctx, nil, parleyapi.ContactCreate{Name: new("Ada")}))
	seen := &parleyapi.UpdateContactParams{IfMatch: made.Headers201.ETag}
	rename := func(name string) (*parleyapi.UpdateContactResponse, error) {
		return api.UpdateContactWithResponse(ctx, made.JSON201.ID, seen, parleyapi.ContactUpdate{Name: parleyapi.Set(name)})
	}
	good[*parleyapi.UpdateContactResponse](t)(rename("Ada Lovelace"))
	_, err := rename("Lady Lovelace")
	refusal(t, err, http.StatusPreconditionFailed)
	now := good[*parleyapi.GetContactResponse](t)(api.GetContactWithResponse(ctx, made.JSON201.ID))
	if *now.JSON200.Name != "Ada Lovelace" {
		t.Errorf("the name is %s", *now.JSON200.Name)
	}
}

func nullables(t *testing.T, h *house.House) {
	api, ctx := clientOf(t, h), t.Context()
	due := time.Date(2026, 12, 24, 9, 0, 0, 0, time.UTC)
	made := good[*parleyapi.CreateTaskResponse](t)(api.CreateTaskWithResponse(ctx, nil, parleyapi.TaskCreate{
		Title: "Bake", DueAt: &due, Description: new("With almonds"),
	}))
	changed := good[*parleyapi.UpdateTaskResponse](t)(api.UpdateTaskWithResponse(ctx, made.JSON201.ID, nil, parleyapi.TaskUpdate{
		DueAt: parleyapi.Null[time.Time](), AssigneeID: parleyapi.Set(string(h.Owner.ID)),
	})).JSON200
	if changed.DueAt != nil || changed.AssigneeID == nil || *changed.AssigneeID != string(h.Owner.ID) || *changed.Description != "With almonds" || changed.Title != "Bake" {
		t.Errorf("the task is %+v", changed)
	}
	var read parleyapi.TaskUpdate
	if err := json.Unmarshal([]byte(`{"due_at":null,"description":"Soon"}`), &read); err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(read)
	if err != nil || string(written) != `{"description":"Soon","due_at":null}` {
		t.Errorf("a change is written as %s (%v)", written, err)
	}
}

func verbs(t *testing.T, h *house.House) {
	api, ctx := clientOf(t, h), t.Context()
	task := good[*parleyapi.CreateTaskResponse](t)(api.CreateTaskWithResponse(ctx, nil, parleyapi.TaskCreate{Title: "Call back"})).JSON201
	done := good[*parleyapi.CompleteTaskResponse](t)(api.CompleteTaskWithResponse(ctx, task.ID, nil)).JSON200
	if done.Status != parleyapi.TaskStatusCompleted {
		t.Errorf("the task is %s", done.Status)
	}

	pipeline := good[*parleyapi.CreatePipelineResponse](t)(api.CreatePipelineWithResponse(ctx, nil, parleyapi.PipelineCreate{
		Name: "Weddings", Stages: []parleyapi.StageInput{{Name: "Asked"}, {Name: "Tasted"}},
	})).JSON201
	deal := good[*parleyapi.CreateDealResponse](t)(api.CreateDealWithResponse(ctx, nil, parleyapi.DealCreate{
		Title: "A cake of four floors", PipelineID: pipeline.ID, CustomFields: parleyapi.Values{},
	})).JSON201
	tasted := *pipeline.Stages[1].ID
	deal = good[*parleyapi.MoveDealResponse](t)(api.MoveDealWithResponse(ctx, deal.ID, nil, parleyapi.MoveInput{StageID: tasted})).JSON200
	if deal.StageID != tasted {
		t.Errorf("the deal is at %s", deal.StageID)
	}
	won := good[*parleyapi.WinDealResponse](t)(api.WinDealWithResponse(ctx, deal.ID, nil)).JSON200
	if won.Status != parleyapi.DealStatusWon {
		t.Errorf("the deal is %s", won.Status)
	}
	_, err := api.LoseDealWithResponse(ctx, deal.ID, nil, parleyapi.LoseInput{})
	refusal(t, err, http.StatusConflict)
}

func publishing(t *testing.T, h *house.House) {
	api, ctx := clientOf(t, h), t.Context()
	var body parleyapi.PublishEventsJSONRequestBody
	if err := body.FromPublicationsInput(parleyapi.PublicationsInput{Events: []parleyapi.PublicationInput{
		{Type: "custom.sold", Key: new("customer-42"), Data: map[string]any{"loaves": 3}},
		{Type: "custom.sold", Key: new("customer-42"), Data: map[string]any{"loaves": 4}},
	}}); err != nil {
		t.Fatal(err)
	}
	published := good[*parleyapi.PublishEventsResponse](t)(api.PublishEventsWithResponse(ctx, nil, body))
	all, err := published.JSON201.AsPublishedAll()
	if err != nil || len(all.Data) != 2 || all.Data[1].Sequence != all.Data[0].Sequence+1 {
		t.Fatalf("published %+v (%v)", all, err)
	}
	listed := good[*parleyapi.ListEventsResponse](t)(api.ListEventsWithResponse(ctx, &parleyapi.ListEventsParams{Types: new("custom.*")})).JSON200
	var sold struct{ Loaves int }
	if len(listed.Data) != 2 || listed.Data[1].ID != all.Data[1].ID {
		t.Fatalf("listed %+v", listed.Data)
	}
	if err := listed.Data[1].Decode(&sold); err != nil || sold.Loaves != 4 {
		t.Errorf("the event tells %s (%v)", listed.Data[1].Data, err)
	}
}
