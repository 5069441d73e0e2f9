using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using Microsoft.Data.Sqlite;

namespace EdgeBench.Running.Journal;

/// <summary>Reads a whole journal. Of several attempts at one cell and session the successful one counts, else the last.</summary>
internal static class JournalReader
{
    public static StoredRun Read(SqliteConnection connection, string path)
    {
        Dictionary<string, string> meta = [];
        foreach (SqliteDataReader row in Rows(connection, "SELECT key, value FROM meta")) meta[row.GetString(0)] = row.GetString(1);
        if (!meta.TryGetValue("name", out string? name)) throw new InvalidDataException("its run ended before it had a plan");

        Dictionary<string, ArtifactDescription> artifacts = [];
        foreach (SqliteDataReader row in Rows(connection, "SELECT id, description FROM artifacts"))
            artifacts[row.GetString(0)] = EdgeBenchJson.Deserialize<ArtifactDescription>(row.GetString(1));

        Dictionary<string, DeviceFacts> devices = [];
        foreach (SqliteDataReader row in Rows(connection, "SELECT name, facts FROM devices"))
            devices[row.GetString(0)] = EdgeBenchJson.Deserialize<DeviceFacts>(row.GetString(1));

        ILookup<string, StoredTrial> trials = Trials(connection, Series(connection));
        List<StoredCell> cells = [];
        foreach (SqliteDataReader row in Rows(connection, "SELECT cell FROM plan ORDER BY position"))
            cells.Add(Stored(EdgeBenchJson.Deserialize<JournalCell>(row.GetString(0)), artifacts, trials));

        List<StoredExclusion> excluded = [];
        foreach (SqliteDataReader row in Rows(connection, "SELECT exclusion FROM exclusions ORDER BY position"))
            excluded.Add(EdgeBenchJson.Deserialize<StoredExclusion>(row.GetString(0)));

        string description = meta.GetValueOrDefault("description", "");
        return new StoredRun
        {
            Path = path,
            Name = name,
            Description = description.Length > 0 ? description : null,
            StartedAt = DateTimeOffset.Parse(meta["started_at"]),
            UpdatedAt = DateTimeOffset.Parse(meta["updated_at"]),
            Provenance = EdgeBenchJson.Deserialize<Dictionary<string, string>>(meta["provenance"]),
            ConfigurationJson = meta["configuration"],
            Devices = devices,
            Cells = cells,
            Excluded = excluded,
            FilteredOut = int.Parse(meta.GetValueOrDefault("filtered_out", "0")),
        };
    }

    private static StoredCell Stored(JournalCell planned, Dictionary<string, ArtifactDescription> artifacts, ILookup<string, StoredTrial> trials) => new()
    {
        Key = planned.Key,
        Id = planned.Cell.Id,
        Model = planned.Cell.Model.Name,
        Recipe = planned.Cell.Recipe.Name,
        Backend = planned.Cell.Backend.Name,
        Device = planned.Cell.Device.Name,
        Workload = planned.Cell.Workload.Name,
        WorkloadType = planned.Cell.Workload.Type,
        Test = planned.Cell.Workload.Test,
        Threads = planned.Cell.Workload.Threads,
        Tier = planned.Tier,
        PlannedTrials = planned.PlannedTrials,
        MinSamples = planned.MinSamples,
        MinDuration = planned.MinDuration,
        ExpectedMetrics = planned.ExpectedMetrics,
        IsQuality = planned.IsQuality,
        IsUncompressed = planned.IsUncompressed,
        Artifact = planned.ArtifactId is { } id ? artifacts.GetValueOrDefault(id) : null,
        Reference = planned.ReferenceId is { } reference ? artifacts.GetValueOrDefault(reference) : null,
        ReferenceBackend = planned.ReferenceBackend,
        // A session past the plan (the plan asks for fewer than before) stays in the journal but is no part of this run's figures.
        Trials = [.. trials[planned.Key].Where(trial => trial.Session < planned.PlannedTrials)],
    };

    private static Dictionary<string, List<Series>> Series(SqliteConnection connection)
    {
        Dictionary<string, List<Series>> series = [];
        foreach (SqliteDataReader row in Rows(connection, "SELECT trial_id, metric, readings FROM series"))
        {
            string trial = row.GetString(0);
            if (!series.TryGetValue(trial, out List<Series>? list)) series[trial] = list = [];
            list.Add(SeriesBlob.Read(row.GetString(1), row.GetFieldValue<byte[]>(2)));
        }
        return series;
    }

    private static ILookup<string, StoredTrial> Trials(SqliteConnection connection, Dictionary<string, List<Series>> series)
    {
        Dictionary<long, string> versions = [];
        foreach (SqliteDataReader row in Rows(connection, "SELECT id, facts FROM invocations"))
            versions[row.GetInt64(0)] = EdgeBenchJson.Deserialize<Dictionary<string, string>>(row.GetString(1)).GetValueOrDefault("harness_version", "");

        Dictionary<(string Cell, int Session), StoredTrial> latest = [];
        const string Attempts = "SELECT id, cell_key, session, position, outcome, invocation FROM trials ORDER BY cell_key, session, succeeded, attempt";
        foreach (SqliteDataReader row in Rows(connection, Attempts))
        {
            TrialOutcome outcome = EdgeBenchJson.Deserialize<TrialOutcome>(row.GetString(4));
            (string id, string cell, int session) = (row.GetString(0), row.GetString(1), row.GetInt32(2));
            StoredTrial? earlier = latest.GetValueOrDefault((cell, session));
            latest[(cell, session)] = new StoredTrial
            {
                TrialId = id,
                Session = session,
                Order = row.GetInt32(3),
                Outcome = outcome with { Series = series.GetValueOrDefault(id) ?? [] },
                EarlierFailures = earlier?.Outcome.Failure is { } failure ? [.. earlier.EarlierFailures, failure] : [],
                HarnessVersion = versions.GetValueOrDefault(row.GetInt64(5), ""),
            };
        }
        return latest.OrderBy(entry => entry.Key.Session).ToLookup(entry => entry.Key.Cell, entry => entry.Value);
    }

    private static IEnumerable<SqliteDataReader> Rows(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read()) yield return reader;
    }
}
