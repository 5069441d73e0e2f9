using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeBench.Core.Cells;
using EdgeBench.Core.IO;

namespace EdgeBench.Running.Planning;

/// <summary>The plan for programs. Keys are only ever added under one schema version.</summary>
internal static class PlanJson
{
    public const int SchemaVersion = 1;

    private const int FlushBytes = 1 << 16;

    public static string Write(Plan plan)
    {
        using MemoryStream stream = new();
        Write(plan, stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static void Write(Plan plan, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteNumber("schema_version", SchemaVersion);
        json.WriteString("name", plan.Name);
        WriteTotals(json, plan);
        WriteArtifacts(json, plan);
        json.WritePropertyName("devices");
        JsonSerializer.Serialize(json, plan.Devices, EdgeBenchJson.Options);
        json.WriteStartArray("cells");
        foreach (PlannedCell planned in plan.Cells)
        {
            StartCell(json, planned.Cell);
            json.WriteNumber("sessions", planned.Sessions);
            json.WriteNumber("seconds", planned.Time.TotalSeconds);
            json.WriteEndObject();
            if (json.BytesPending > FlushBytes) json.Flush();
        }
        json.WriteEndArray();
        json.WriteStartArray("excluded");
        foreach (ExcludedCell excluded in plan.Excluded)
        {
            StartCell(json, excluded.Cell);
            json.WriteString("reason", excluded.Reason);
            json.WriteEndObject();
            if (json.BytesPending > FlushBytes) json.Flush();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTotals(Utf8JsonWriter json, Plan plan)
    {
        json.WriteStartObject("totals");
        json.WriteNumber("cells", plan.Cells.Count);
        json.WriteNumber("excluded", plan.Excluded.Count);
        json.WriteNumber("filtered_out", plan.FilteredOut);
        json.WriteNumber("trials", plan.Trials);
        json.WriteNumber("seconds", plan.Time.TotalSeconds);
        json.WriteNumber("artifacts", plan.Artifacts.Count);
        json.WriteNumber("disk_bytes", plan.DiskBytes);
        json.WriteNumber("artifacts_of_unknown_size", plan.ArtifactsOfUnknownSize);
        json.WriteEndObject();
    }

    private static void WriteArtifacts(Utf8JsonWriter json, Plan plan)
    {
        json.WriteStartArray("artifacts");
        foreach (PlannedArtifact artifact in plan.Artifacts)
        {
            json.WriteStartObject();
            json.WriteString("model", artifact.Model.Name);
            json.WriteString("recipe", artifact.Recipe.Name);
            if (artifact.Bytes is { } bytes) json.WriteNumber("bytes", bytes);
            else json.WriteNull("bytes");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void StartCell(Utf8JsonWriter json, Cell cell)
    {
        json.WriteStartObject();
        json.WriteString("id", cell.Id);
        json.WriteString("model", cell.Model.Name);
        json.WriteString("recipe", cell.Recipe.Name);
        json.WriteString("backend", cell.Backend.Name);
        json.WriteString("device", cell.Device.Name);
        json.WriteString("workload", cell.Workload.Name);
        json.WriteString("type", cell.Workload.Type);
        json.WriteString("test", cell.Workload.Test);
        json.WriteNumber("threads", cell.Workload.Threads);
    }
}
