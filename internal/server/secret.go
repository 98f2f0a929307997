package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parley/internal/database"
	"parley/internal/store"
	"parley/internal/vault"
)

// keyFile is where the key is kept that seals secrets, if none is configured.
const keyFile = "secret.key"

// openVault makes the vault for the secrets in the database: with the configured
// key, else with the one in the data folder, which is made at the first start. A key
// other than the one that the database's secrets are sealed with is refused.
func (s *Server) openVault(ctx context.Context) error {
	key, err := s.secretKey()
	if err != nil {
		return err
	}
	if s.vault, err = vault.New(key); err != nil {
		return err
	}
	return s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		settled, err := store.Settle(ctx, tx, "secret_key_fingerprint", s.vault.Fingerprint())
		if err == nil && settled != s.vault.Fingerprint() {
			err = fmt.Errorf("the secrets in this database are sealed with another key: give that one as --secret-key, or put its file back at %s", filepath.Join(s.config.Data, keyFile))
		}
		return err
	})
}

func (s *Server) secretKey() ([]byte, error) {
	if s.config.SecretKey != "" {
		key, err := vault.ParseKey(s.config.SecretKey)
		if err != nil {
			return nil, fmt.Errorf("--secret-key: %w", err)
		}
		return key, nil
	}
	if s.config.Data == "" {
		return nil, errors.New("there is no key to seal secrets with: give --secret-key, or --data for a folder to keep one in")
	}
	if err := os.MkdirAll(s.config.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made: %w", s.config.Data, err)
	}
	return vault.File(filepath.Join(s.config.Data, keyFile))
}
