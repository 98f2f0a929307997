# WEBHOOK_SECRET=whsec_… rackup -p 9000 receiver.ru
require "openssl"

KEY = ENV.fetch("WEBHOOK_SECRET").delete_prefix("whsec_").unpack1("m")

# Tells whether the body was signed with the key in the last five minutes.
def signed?(env, body)
  id, timestamp = env["HTTP_WEBHOOK_ID"].to_s, env["HTTP_WEBHOOK_TIMESTAMP"].to_s
  return false if (Time.now.to_i - timestamp.to_i).abs > 300

  digest = OpenSSL::HMAC.digest("SHA256", KEY, "#{id}.#{timestamp}.#{body}")
  want = "v1," + [digest].pack("m0")
  env["HTTP_WEBHOOK_SIGNATURE"].to_s.split.any? { |got| OpenSSL.secure_compare(got, want) }
end

run lambda { |env|
  body = env["rack.input"].read # the bytes as they came
  next [401, {}, ["bad signature"]] unless signed?(env, body)

  puts "#{env["HTTP_WEBHOOK_ID"]} #{body}"
  [204, {}, []]
}
