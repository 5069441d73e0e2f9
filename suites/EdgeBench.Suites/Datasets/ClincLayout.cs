using System.Text.Json;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Datasets;

/// <summary>CLINC150 (Larson et al. 2019, https://arxiv.org/abs/1909.02027): <c>{"train": [["text", "intent"], …], "val": …}</c>; parts are named, out-of-scope ones (<c>oos_train</c>) too.</summary>
internal sealed class ClincLayout : IDatasetLayout
{
    public string Name => "clinc150";

    public string Expected => "{ \"train\": [ [ \"text\", \"intent\" ], … ], … }";

    public (bool Labelled, IReadOnlyList<DatasetItem> Items) Read(DatasetFile file, IReadOnlyList<string> parts)
    {
        List<DatasetItem> items = [];
        List<string> found = [];
        JsonWalk.Over(file, Expected, (ref Utf8JsonReader reader) =>
        {
            JsonWalk.Expect(ref reader, JsonTokenType.StartObject);
            while (JsonWalk.Next(ref reader) == JsonTokenType.PropertyName)
            {
                found.Add(reader.GetString()!);
                JsonWalk.Expect(ref reader, JsonTokenType.StartArray);
                while (JsonWalk.Next(ref reader) == JsonTokenType.StartArray)
                {
                    int line = file.LineOf(reader.TokenStartIndex);
                    JsonWalk.Expect(ref reader, JsonTokenType.String);
                    string text = reader.GetString()!;
                    JsonWalk.Expect(ref reader, JsonTokenType.String);
                    string intent = reader.GetString()!;
                    JsonWalk.Expect(ref reader, JsonTokenType.EndArray);
                    if (parts.Contains(found[^1]) && file.Item(text.Trim(), intent, line) is { } item) items.Add(item);
                    if (file.Full) return;
                }
                JsonWalk.Require(ref reader, JsonTokenType.EndArray);
            }
            JsonWalk.Require(ref reader, JsonTokenType.EndObject);
        });
        file.Throw();
        if (parts.Count == 0) throw EdgeBenchException.BadInput("no part is named", $"one or more of {string.Join(", ", found)}", file: file.Path);
        if (parts.FirstOrDefault(part => !found.Contains(part)) is { } missing)
            throw EdgeBenchException.BadInput($"part '{missing}'", $"one or more of {string.Join(", ", found)}", Nearest.Question(missing, found), file.Path);
        return (true, items);
    }
}
