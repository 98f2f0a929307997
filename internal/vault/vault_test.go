package vault_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley/internal/vault"
)

func newVault(t *testing.T, fill byte) *vault.Vault {
	t.Helper()
	v, err := vault.New(bytes.Repeat([]byte{fill}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhatIsSealedOpensOnlyWithItsKeyAndPlace(t *testing.T) {
	t.Parallel()
	v := newVault(t, 1)
	const secret = "whsec_c2VjcmV0"
	text := v.Seal("whk_1", secret)
	if strings.Contains(text, secret) || strings.Contains(text, "c2VjcmV0") {
		t.Fatalf("the secret can be read in %q", text)
	}
	if again := v.Seal("whk_1", secret); again == text {
		t.Error("sealing twice gave the same text: equal secrets could be told")
	}
	if got, err := v.Open("whk_1", text); err != nil || got != secret {
		t.Errorf("Open = %q, %v", got, err)
	}
	altered := text[:len(text)-4] + strings.ToUpper(text[len(text)-4:len(text)-2]) + "A="
	for name, open := range map[string]func() (string, error){
		"another place": func() (string, error) { return v.Open("whk_2", text) },
		"another key":   func() (string, error) { return newVault(t, 2).Open("whk_1", text) },
		"altered":       func() (string, error) { return v.Open("whk_1", altered) },
		"cut off":       func() (string, error) { return v.Open("whk_1", text[:len(text)/2]) },
		"not sealed":    func() (string, error) { return v.Open("whk_1", secret) },
		"empty":         func() (string, error) { return v.Open("whk_1", "") },
	} {
		if got, err := open(); err == nil {
			t.Errorf("%s: it opened as %q", name, got)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error tells the secret: %v", name, err)
		}
	}
}

func TestAKeyFileIsMadeOnceAndForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret.key")
	keys := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			key, err := vault.File(path)
			if err != nil {
				t.Error(err)
			}
			keys[i] = key
		})
	}
	all.Wait()
	for _, key := range keys[1:] {
		if !bytes.Equal(key, keys[0]) {
			t.Fatal("two processes that started at once have different keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v", info.Mode().Perm())
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestABadKeyFileIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret.key")
	if err := os.WriteFile(path, []byte("too short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := vault.File(path)
	if err == nil || !strings.Contains(err.Error(), "base64") {
		t.Errorf("error = %v, want one that says what a key looks like", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "too short\n" {
		t.Error("the file was changed")
	}
}

func TestFingerprintsTellKeysApart(t *testing.T) {
	t.Parallel()
	if newVault(t, 1).Fingerprint() == newVault(t, 2).Fingerprint() {
		t.Error("two keys have one fingerprint")
	}
	one, again := newVault(t, 1), newVault(t, 1)
	if one.Fingerprint() != again.Fingerprint() {
		t.Error("one key has two fingerprints")
	}
}

func TestEachPurposeHasAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	v := newVault(t, 1)
	links := v.Derive("links")
	if len(links) != vault.KeySize || !bytes.Equal(links, newVault(t, 1).Derive("links")) {
		t.Errorf("the key of a purpose is %d bytes, and not always the same", len(links))
	}
	for name, other := range map[string][]byte{
		"another purpose's": v.Derive("cookies"), "another vault's": newVault(t, 2).Derive("links"), "the vault's own": bytes.Repeat([]byte{1}, vault.KeySize),
	} {
		if bytes.Equal(links, other) {
			t.Errorf("the key of links is %s", name)
		}
	}
}
