using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Clipia.Emulator;

/// <summary>The prompt templates of templates.json with full-text search, best match first.</summary>
internal sealed partial class TemplateLibrary
{
    private const int ShortestStem = 4;
    private const int Ending = 2;

    private static readonly PromptTemplate[] All =
    [
        .. EmbeddedJson.Read<Shelf[]>("templates.json", WireJson.Options).SelectMany(shelf => shelf.Templates.Select((template, index) =>
            new PromptTemplate($"{shelf.Category}-{index + 1:00}", shelf.Category, template.Title, template.Language, template.Prompt, template.Model))),
    ];

    private readonly Lock _gate = new();
    private readonly SqliteConnection _index = MakeIndex();

    public IReadOnlyList<PromptTemplate> Search(string query, int limit)
    {
        if (MatchOf(query) is not { Length: > 0 } match)
            return [];
        lock (_gate)
        {
            using var command = _index.CreateCommand();
            command.CommandText = "SELECT rowid FROM templates WHERE templates MATCH $match ORDER BY bm25(templates, 4, 2, 1), rowid LIMIT $limit";
            command.Parameters.AddWithValue("$match", match);
            command.Parameters.AddWithValue("$limit", limit);
            using var rows = command.ExecuteReader();
            var found = new List<PromptTemplate>();
            while (rows.Read())
                found.Add(All[rows.GetInt32(0)]);
            return found;
        }
    }

    /// <summary>Any of the words, without their endings, which Russian changes with every case. Quoted, so that none is an operator.</summary>
    private static string MatchOf(string query) =>
        string.Join(" OR ", Word().Matches(query).Select(word => $"\"{StemOf(word.Value)}\"*"));

    private static string StemOf(string word) => word[..Math.Max(Math.Min(ShortestStem, word.Length), word.Length - Ending)];

    private static SqliteConnection MakeIndex()
    {
        var index = new SqliteConnection("Data Source=:memory:");
        index.Open();
        using var transaction = index.BeginTransaction();
        using var command = index.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "CREATE VIRTUAL TABLE templates USING fts5 (title, category, prompt)";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO templates (rowid, title, category, prompt) VALUES ($row, $title, $category, $prompt)";
        for (var row = 0; row < All.Length; row++)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$row", row);
            command.Parameters.AddWithValue("$title", All[row].Title);
            command.Parameters.AddWithValue("$category", All[row].Category);
            command.Parameters.AddWithValue("$prompt", All[row].Prompt);
            command.ExecuteNonQuery();
        }
        transaction.Commit();
        return index;
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();

    private sealed record Shelf(string Category, PromptTemplate[] Templates);
}
