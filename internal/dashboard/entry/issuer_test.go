package entry_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// issuer is a small OpenID provider: it signs in whomever it is told to, at once.
type issuer struct {
	URL string

	t   *testing.T
	key *rsa.PrivateKey

	mu        sync.Mutex
	down      bool
	claims    map[string]any
	flows     map[string]url.Values // by code: what the browser was sent with
	signer    *rsa.PrivateKey       // of the tokens; nil: the one that it publishes
	exchanged int                   // codes exchanged
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{t: t, key: newKey(t), flows: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.describe)
	mux.HandleFunc("GET /keys", i.keys)
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /token", i.token)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		down := i.down
		i.mu.Unlock()
		if down {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	i.URL = server.URL
	return i
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// set changes the issuer while it serves.
func (i *issuer) set(change func(*issuer)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change(i)
}

// is has the issuer sign in somebody from now on.
func (i *issuer) is(subject, email string, verified any) {
	i.set(func(i *issuer) {
		i.claims = map[string]any{"sub": subject, "email": email, "email_verified": verified, "name": "Somebody"}
	})
}

func (i *issuer) answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		i.t.Errorf("the issuer answers: %v", err)
	}
}

func (i *issuer) describe(w http.ResponseWriter, _ *http.Request) {
	i.answer(w, map[string]any{
		"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

func (i *issuer) keys(w http.ResponseWriter, _ *http.Request) {
	b64 := base64.RawURLEncoding
	i.answer(w, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "one",
		"n": b64.EncodeToString(i.key.N.Bytes()), "e": b64.EncodeToString(big.NewInt(int64(i.key.E)).Bytes()),
	}}})
}

func (i *issuer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != "parley" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" {
		i.t.Errorf("a browser is sent with %v", q)
	}
	code := rand.Text()
	i.set(func(i *issuer) { i.flows[code] = q })
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	id, secret, _ := r.BasicAuth()
	flow := i.flows[r.PostFormValue("code")]
	delete(i.flows, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if flow == nil || id != "parley" || secret != "hush" || base64.RawURLEncoding.EncodeToString(sum[:]) != flow.Get("code_challenge") || r.PostFormValue("redirect_uri") != flow.Get("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		i.answer(w, map[string]any{"error": "invalid_grant"})
		return
	}
	i.exchanged++
	claims := map[string]any{"iss": i.URL, "aud": "parley", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "nonce": flow.Get("nonce")}
	maps.Copy(claims, i.claims)
	i.answer(w, map[string]any{"access_token": "unused", "token_type": "Bearer", "id_token": i.sign(claims)})
}

func (i *issuer) sign(claims map[string]any) string {
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			i.t.Error(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	text := part(map[string]any{"alg": "RS256", "kid": "one", "typ": "JWT"}) + "." + part(claims)
	key := i.key
	if i.signer != nil {
		key = i.signer
	}
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		i.t.Error(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}
