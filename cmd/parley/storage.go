package main

import (
	"log/slog"

	"parley/internal/server"
)

// storage says where the data is.
type storage struct {
	Data        string `help:"Folder of the embedded database, of keys and of attachments." default:"./data" placeholder:"FOLDER"`
	DatabaseURL string `name:"database-url" help:"PostgreSQL database to use instead of the embedded one." placeholder:"postgres://…"`
	SecretKey   string `help:"Key that seals secrets in the database: 32 bytes in base64. Left out: the one in the data folder." placeholder:"KEY"`
	Config      string `help:"JSON file with values for flags, such as {\"addr\": \":9000\"}." placeholder:"FILE"`
}

func (s storage) config(logger *slog.Logger) server.Config {
	return server.Config{Data: s.Data, DatabaseURL: s.DatabaseURL, SecretKey: s.SecretKey, Logger: logger, Version: version()}
}
