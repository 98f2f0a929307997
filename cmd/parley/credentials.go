package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/account"
)

// credentials are what one needs to log in to an organization and to use its API.
type credentials struct {
	URL            string `json:"url"`
	Email          string `json:"email"`
	Password       string `json:"password"`
	APIKey         string `json:"api_key"`
	OrganizationID string `json:"organization_id"`
	InboxID        string `json:"inbox_id"` // of channel api
}

func credentialsOf(made account.Founded, url, password string) credentials {
	return credentials{
		URL: url, Email: made.Owner.Email, Password: password, APIKey: made.Key,
		OrganizationID: string(made.Organization.ID), InboxID: string(made.Inbox.ID),
	}
}

// newPassword makes a password that nobody can guess and everybody can type.
func newPassword() string {
	text := strings.ToLower(rand.Text())
	return text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:20]
}

// credentialsFile is where `parley dev` keeps its credentials in a data folder.
func credentialsFile(data string) string { return filepath.Join(data, "dev-credentials.json") }

// readCredentials reads the file; found is false if there is none.
func readCredentials(path string) (c credentials, found bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err == nil && c.APIKey == "" {
		err = errors.New("it has no api_key")
	}
	if err != nil {
		return c, true, fmt.Errorf("read %s: %w", path, err)
	}
	return c, true, nil
}

// save writes the file in one step, readable by nobody else: there is always a
// whole one.
func (c credentials) save(path string) error {
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".dev-credentials-*") // 0600
	if err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	err = errors.Join(c.print(file), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write the credentials: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

// print writes the credentials as JSON.
func (c credentials) print(to io.Writer) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(c)
}
