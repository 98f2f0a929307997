# Serves a Rack application on localhost, as far as one request needs it: the tests
# run the Ruby receiver with nothing installed but Ruby.
#
#   ruby rack.rb app.ru PORT
require "socket"
require "stringio"

$stdout.sync = true
def run(app) = $app = app
load ARGV[0]

server = TCPServer.new("localhost", ARGV[1].to_i)
loop do
  client = server.accept
  env = {}
  client.gets or next
  while (line = client.gets.to_s.chomp) != ""
    name, value = line.split(": ", 2)
    env["HTTP_" + name.upcase.tr("-", "_")] = value
  end
  env["rack.input"] = StringIO.new(client.read(env["HTTP_CONTENT_LENGTH"].to_i).to_s)
  status, _, body = $app.call(env)
  client.write("HTTP/1.1 #{status} -\r\nConnection: close\r\n#{"Content-Length: #{body.join.bytesize}\r\n" if status != 204}\r\n#{body.join}")
  client.close
end
