using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Journal;
using Microsoft.Data.Sqlite;

namespace EdgeBench.Remote.Tests.Faults;

/// <param name="Readings">How many its series hold together.</param>
internal sealed record JournalledTrial(string Id, string Cell, bool Succeeded, TrialOutcome Outcome, long Readings);

/// <summary>Every attempt in a journal, read from its tables: what the reports leave out counts here too.</summary>
internal static class RunJournalTrials
{
    public static IReadOnlyList<JournalledTrial> Read(string folder)
    {
        string path = Path.Combine(folder, RunJournal.FileName);
        if (!File.Exists(path)) return [];
        // Opens it as the next command does, which rolls back what a kill left half-written.
        RunJournal.Open(folder, fresh: false).Dispose();
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id, cell_key, succeeded, outcome, (SELECT coalesce(sum((length(readings) - 5) / 20), 0) FROM series WHERE trial_id = trials.id) FROM trials";
        using SqliteDataReader reader = command.ExecuteReader();
        List<JournalledTrial> trials = [];
        while (reader.Read())
        {
            trials.Add(new JournalledTrial(reader.GetString(0), reader.GetString(1), reader.GetInt32(2) != 0,
                EdgeBenchJson.Deserialize<TrialOutcome>(reader.GetString(3)), reader.GetInt64(4)));
        }
        return trials;
    }
}
