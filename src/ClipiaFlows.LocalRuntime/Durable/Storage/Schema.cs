using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>Knows the tables of every version, and brings an older file to today's.</summary>
internal sealed class Schema(IReadOnlyList<SchemaStep> steps)
{
    public static readonly Schema Today = new(SchemaSteps.All);

    // Of no table at all.
    private static readonly string Empty = Hash("");

    /// <summary>Checks the file's schema against the checksum of its version, then takes the steps that it lacks.</summary>
    /// <exception cref="DurableStoreException">A newer program wrote the file, or its tables are not those of its version.</exception>
    public void Bring(SqliteConnection connection, string path)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version < 0 || version > steps.Count)
        {
            throw new DurableStoreException(
                $"The state in '{path}' has format {version}, this program knows up to {steps.Count}. "
                + "Use the newer program, or another data directory.");
        }

        Check(connection, path, version);
        for (; version < steps.Count; version++)
        {
#pragma warning disable CA2100 // Constants of this program.
            command.CommandText = $"BEGIN IMMEDIATE; {steps[version].Sql} PRAGMA user_version = {version + 1}; COMMIT;";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            Check(connection, path, version + 1);
        }
    }

    /// <summary>Of all tables and indexes as they were declared; SHA-256, hexadecimal.</summary>
    public static string ChecksumOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY type, name";
        using var row = command.ExecuteReader();
        var declarations = new StringBuilder();
        while (row.Read()) declarations.Append(row.GetString(0)).Append(";\n");
        return Hash(declarations.ToString());
    }

    private void Check(SqliteConnection connection, string path, int version)
    {
        var expected = version == 0 ? Empty : steps[version - 1].Checksum;
        if (ChecksumOf(connection) == expected) return;
        throw new DurableStoreException(version == 0
            ? $"The file '{path}' holds tables of another program. Use another data directory."
            : $"The tables in '{path}' are not those of format {version}: somebody changed them. "
                + "Move the file away to start with an empty state, or bring back an unchanged copy.");
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
