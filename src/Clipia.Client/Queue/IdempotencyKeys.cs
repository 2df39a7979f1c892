namespace Clipia;

internal static class IdempotencyKeys
{
    public static void ThrowIfUnusable(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > 255 || key.Any(c => c is < ' ' or > '~') || key[0] == ' ' || key[^1] == ' ')
            throw new ArgumentException("An idempotency key is 1 to 255 printable ASCII characters.", nameof(key));
    }
}
