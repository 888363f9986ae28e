using System.Globalization;
using System.Text.Json;

namespace Plugin.ApiWebhooks.Pages.Receiving;

/// <summary>
/// A whole small receiver that checks signatures, in one language, with a subscription's own values. The secret is never in it: it is taken from the environment.
/// The programs are run by the tests against real deliveries.
/// </summary>
/// <param name="Language">Its name in addresses: <c>csharp</c>, <c>javascript</c> or <c>python</c>.</param>
/// <param name="Title">What people call the language.</param>
/// <param name="FileName">The file it belongs into.</param>
/// <param name="Run">The command that runs it.</param>
/// <param name="Code">The program.</param>
public sealed record Snippet(string Language, string Title, string FileName, string Run, string Code)
{
    /// <summary>How old or how far ahead a timestamp may be, in seconds.</summary>
    public const int ToleranceSeconds = 300;

    /// <summary>The programs.</summary>
    /// <param name="facts">The subscription's values.</param>
    public static IReadOnlyList<Snippet> All(SnippetFacts facts)
    {
        var secret = facts.PublicKey is null ? "WEBHOOK_SECRET=whsec_… " : "";
        return
        [
            new("csharp", "C#", "Program.cs", $"{secret}dotnet run --urls http://127.0.0.1:8080", CSharp(facts)),
            new("javascript", "JavaScript (Node.js)", "receive.mjs", $"{secret}PORT=8080 node receive.mjs", JavaScript(facts)),
            new("python", "Python", "receive.py", $"{secret}PORT=8080 python3 receive.py", Python(facts)),
        ];
    }

    private static string CSharp(SnippetFacts facts) => $$"""
        // Program.cs of a project made with "dotnet new web". It is called at {{facts.ShownUrl}}
        using System.Collections.Concurrent;
        {{(facts.PublicKey is null ? "" : "using System.Runtime.InteropServices;\n")}}using System.Security.Cryptography;
        using System.Text;

        {{(facts.PublicKey is null ? "var key = Convert.FromBase64String(Environment.GetEnvironmentVariable(\"WEBHOOK_SECRET\")![\"whsec_\".Length..]);" : $"var key = Convert.FromBase64String({Literal(facts.PublicKey)}[\"whpk_\".Length..]); // Public: no secret.")}}
        var tolerance = TimeSpan.FromSeconds({{Number(ToleranceSeconds)}});
        var seen = new ConcurrentDictionary<string, bool>(); // In earnest a table with a unique key.

        var app = WebApplication.CreateBuilder(args).Build();
        app.MapMethods("/{**path}", [{{Literal(facts.Method)}}], async (HttpRequest request) =>
        {
            using var buffer = new MemoryStream();
            await request.Body.CopyToAsync(buffer);
            var body = buffer.ToArray(); // The raw bytes: whoever parses and writes them again has other bytes.
            if (!IsGenuine(request.Headers, body))
                return Results.Unauthorized();
            // Once more with the same id: known already, and done with.
            if (seen.TryAdd(request.Headers["webhook-id"].ToString(), true))
                _ = Task.Run(() => Console.WriteLine(Encoding.UTF8.GetString(body))); // Answer first, work afterwards.
            return Results.NoContent();
        });
        app.Run();

        bool IsGenuine(IHeaderDictionary headers, byte[] body)
        {
            string id = headers["webhook-id"].ToString(), sentAt = headers["webhook-timestamp"].ToString();
            if (!long.TryParse(sentAt, out var seconds) || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > tolerance.TotalSeconds)
                return false;
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{sentAt}."), .. body];
            // While a secret is replaced there are two signatures: one that fits is enough.
            return headers["webhook-signature"].ToString().Split(' ').Any(signature => Fits(signature, signed));
        }

        {{(facts.PublicKey is null ? CSharpHmac : CSharpEd25519)}}
        """;

    private const string CSharpHmac = """
        bool Fits(string signature, byte[] signed)
        {
            var given = new byte[HMACSHA256.HashSizeInBytes];
            return signature.StartsWith("v1,")
                && Convert.TryFromBase64String(signature["v1,".Length..], given, out var length) && length == given.Length
                && CryptographicOperations.FixedTimeEquals(given, HMACSHA256.HashData(key, signed));
        }
        """;

    private const string CSharpEd25519 = """
        bool Fits(string signature, byte[] signed)
        {
            var given = new byte[64];
            return signature.StartsWith("v1a,")
                && Convert.TryFromBase64String(signature["v1a,".Length..], given, out var length) && length == given.Length
                && Ed25519.Verify(key, signed, given);
        }

        // .NET has no Ed25519 of its own. This asks OpenSSL 3, as there is on Linux; elsewhere take a package such as NSec.Cryptography.
        static class Ed25519
        {
            public static bool Verify(byte[] publicKey, byte[] message, byte[] signature)
            {
                nint key = EVP_PKEY_new_raw_public_key(1087, 0, publicKey, 32), context = EVP_MD_CTX_new();
                try
                {
                    return key != 0 && EVP_DigestVerifyInit(context, 0, 0, 0, key) == 1
                        && EVP_DigestVerify(context, signature, signature.Length, message, message.Length) == 1;
                }
                finally
                {
                    EVP_MD_CTX_free(context);
                    EVP_PKEY_free(key);
                }
            }

            [DllImport("libcrypto.so.3")] static extern nint EVP_PKEY_new_raw_public_key(int type, nint engine, byte[] key, nint length);
            [DllImport("libcrypto.so.3")] static extern void EVP_PKEY_free(nint key);
            [DllImport("libcrypto.so.3")] static extern nint EVP_MD_CTX_new();
            [DllImport("libcrypto.so.3")] static extern void EVP_MD_CTX_free(nint context);
            [DllImport("libcrypto.so.3")] static extern int EVP_DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);
            [DllImport("libcrypto.so.3")] static extern int EVP_DigestVerify(nint context, byte[] signature, nint signatureLength, byte[] message, nint messageLength);
        }
        """;

    private static string JavaScript(SnippetFacts facts) => $$"""
        // receive.mjs, for Node.js 18 and later. It is called at {{facts.ShownUrl}}
        import { createServer } from 'node:http';
        import { {{(facts.PublicKey is null ? "createHmac, timingSafeEqual" : "createPublicKey, verify")}} } from 'node:crypto';

        {{(facts.PublicKey is null ? "const key = Buffer.from(process.env.WEBHOOK_SECRET.replace('whsec_', ''), 'base64');" : JavaScriptPublicKey(facts.PublicKey))}}
        const tolerance = {{Number(ToleranceSeconds)}}; // seconds
        const seen = new Set(); // In earnest a table with a unique key.

        createServer((request, response) => {
          const chunks = [];
          request.on('data', chunk => chunks.push(chunk));
          request.on('end', () => {
            const body = Buffer.concat(chunks); // The raw bytes: whoever parses and writes them again has other bytes.
            if (request.method !== {{Literal(facts.Method)}} || !isGenuine(request.headers, body)) {
              response.writeHead(401).end();
              return;
            }
            response.writeHead(204).end(); // Answer first, work afterwards.
            const id = request.headers['webhook-id'];
            if (seen.has(id)) return; // Once more with the same id: known already, and done with.
            seen.add(id);
            console.log(body.toString('utf8'));
          });
        }).listen(process.env.PORT, '127.0.0.1');

        function isGenuine(headers, body) {
          const { 'webhook-id': id, 'webhook-timestamp': sentAt, 'webhook-signature': signatures = '' } = headers;
          if (!/^\d+$/.test(sentAt) || Math.abs(Date.now() / 1000 - Number(sentAt)) > tolerance) return false;
          const signed = Buffer.concat([Buffer.from(`${id}.${sentAt}.`), body]);
          // While a secret is replaced there are two signatures: one that fits is enough.
          return signatures.split(' ').some(signature => fits(signature, signed));
        }

        {{(facts.PublicKey is null ? JavaScriptHmac : JavaScriptEd25519)}}
        """;

    private static string JavaScriptPublicKey(string publicKey) => $$"""
        const raw = Buffer.from({{Literal(publicKey)}}.replace('whpk_', ''), 'base64'); // Public: no secret.
        const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
        """;

    private const string JavaScriptHmac = """
        function fits(signature, signed) {
          const expected = createHmac('sha256', key).update(signed).digest();
          const given = Buffer.from(signature.slice(3), 'base64');
          return signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected);
        }
        """;

    private const string JavaScriptEd25519 = """
        function fits(signature, signed) {
          return signature.startsWith('v1a,') && verify(null, signed, key, Buffer.from(signature.slice(4), 'base64'));
        }
        """;

    private static string Python(SnippetFacts facts) => $$"""
        # receive.py, for Python 3.9 and later. It is called at {{facts.ShownUrl}}
        import base64{{(facts.PublicKey is null ? ", hashlib, hmac" : "")}}, os, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        {{(facts.PublicKey is null ? "\nKEY = base64.b64decode(os.environ[\"WEBHOOK_SECRET\"].replace(\"whsec_\", \"\"))" : PythonPublicKey(facts.PublicKey))}}
        TOLERANCE = {{Number(ToleranceSeconds)}}  # seconds
        seen = set()  # In earnest a table with a unique key.


        class Receiver(BaseHTTPRequestHandler):
            def do_{{facts.Method}}(self):
                # The raw bytes: whoever parses and writes them again has other bytes.
                body = self.rfile.read(int(self.headers["Content-Length"]))
                genuine = is_genuine(self.headers, body)
                self.send_response(204 if genuine else 401)
                self.end_headers()
                self.wfile.flush()  # Answer first, work afterwards.
                if not genuine or self.headers["webhook-id"] in seen:
                    return  # Once more with the same id: known already, and done with.
                seen.add(self.headers["webhook-id"])
                print(body.decode("utf-8"), flush=True)


        def is_genuine(headers, body):
            id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
            if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > TOLERANCE:
                return False
            signed = f"{id}.{sent_at}.".encode() + body
            # While a secret is replaced there are two signatures: one that fits is enough.
            return any(fits(signature, signed) for signature in headers.get("webhook-signature", "").split(" "))


        {{(facts.PublicKey is null ? PythonHmac : PythonEd25519)}}

        if __name__ == "__main__":
            ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
        """;

    private static string PythonPublicKey(string publicKey) => $$"""

        # pip install cryptography
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        KEY = Ed25519PublicKey.from_public_bytes(base64.b64decode({{Literal(publicKey)}}.replace("whpk_", "")))  # Public: no secret.
        """;

    private const string PythonHmac = """
        def fits(signature, signed):
            expected = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
            return hmac.compare_digest(signature.encode(), expected.encode())

        """;

    private const string PythonEd25519 = """
        def fits(signature, signed):
            try:
                KEY.verify(base64.b64decode(signature[4:]), signed)
                return signature.startswith("v1a,")
            except (InvalidSignature, ValueError):
                return False

        """;

    // JSON's escapes are those of all three languages for what can stand here.
    private static string Literal(string text) => $"\"{JsonEncodedText.Encode(text)}\"".Replace("\\u002B", "+", StringComparison.Ordinal);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What of a subscription stands in the programs.</summary>
/// <param name="ShownUrl">Its address without what may be secret; one line of ASCII.</param>
/// <param name="Method">The method of its requests.</param>
/// <param name="PublicKey">The public key when signatures are checked with it; null for the secret.</param>
public sealed record SnippetFacts(string ShownUrl, string Method, string? PublicKey);
