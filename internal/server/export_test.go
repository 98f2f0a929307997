package server

// CloseListener makes the HTTP loop fail.
func (s *Server) CloseListener() error { return s.listener.Close() }
