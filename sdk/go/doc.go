// Package parleyapi is the Parley API for Go programs: one method for each operation,
// with types for what it takes and gives, made from the OpenAPI document.
//
//	api, err := parleyapi.New("https://parley.example.com", os.Getenv("PARLEY_API_KEY"))
//	answer, err := api.CreateContactWithResponse(ctx, nil, parleyapi.ContactCreate{Name: new("Ada")})
//	fmt.Println(answer.JSON201.ID)
//
// A method that gives no error was answered with success, and its answer holds the
// object in the field of the status: JSON200, JSON201. What the server refuses is an
// [*Error], with the problem that it told. Nothing is tried again by itself; a POST with
// an Idempotency-Key among its parameters may be.
//
// Methods without WithResponse give the *http.Response as it comes. That is how to read
// [Client.StreamEvents], which has no end.
package parleyapi

//go:generate sh -c "go run ../../cmd/parley openapi | go tool -modfile=../../tools/go.mod oapi-codegen -config oapi-codegen.yaml /dev/stdin"
