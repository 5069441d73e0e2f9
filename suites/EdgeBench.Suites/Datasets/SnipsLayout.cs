using System.Text;
using System.Text.Json;

namespace EdgeBench.Suites.Datasets;

/// <summary>
/// The Snips voice assistant's utterances (Coucke et al. 2018, https://arxiv.org/abs/1805.10190): <c>{"Intent": [{"data": [{"text": …, "entity": …}, …]}, …]}</c>, an intent a file. The text is that of all pieces, the label the intent.
/// </summary>
internal sealed class SnipsLayout : IDatasetLayout
{
    public string Name => "snips";

    public string Expected => "{ \"Intent\": [ { \"data\": [ { \"text\": … }, … ] }, … ] }";

    public (bool Labelled, IReadOnlyList<DatasetItem> Items) Read(DatasetFile file, IReadOnlyList<string> parts)
    {
        List<DatasetItem> items = [];
        JsonWalk.Over(file, Expected, (ref Utf8JsonReader reader) =>
        {
            JsonWalk.Expect(ref reader, JsonTokenType.StartObject);
            while (JsonWalk.Next(ref reader) == JsonTokenType.PropertyName)
            {
                string intent = reader.GetString()!;
                JsonWalk.Expect(ref reader, JsonTokenType.StartArray);
                while (JsonWalk.Next(ref reader) == JsonTokenType.StartObject)
                {
                    int line = file.LineOf(reader.TokenStartIndex);
                    if (file.Item(Utterance(ref reader).Trim(), intent, line) is { } item) items.Add(item);
                    if (file.Full) return;
                }
                JsonWalk.Require(ref reader, JsonTokenType.EndArray);
            }
            JsonWalk.Require(ref reader, JsonTokenType.EndObject);
        });
        return (true, items);
    }

    // The reader stands on the utterance's brace and ends on its closing one.
    private static string Utterance(ref Utf8JsonReader reader)
    {
        StringBuilder text = new();
        while (JsonWalk.Next(ref reader) == JsonTokenType.PropertyName)
        {
            bool data = reader.ValueTextEquals("data"u8);
            JsonWalk.Next(ref reader);
            if (!data)
            {
                reader.Skip();
                continue;
            }
            JsonWalk.Require(ref reader, JsonTokenType.StartArray);
            while (JsonWalk.Next(ref reader) == JsonTokenType.StartObject)
            {
                while (JsonWalk.Next(ref reader) == JsonTokenType.PropertyName)
                {
                    bool piece = reader.ValueTextEquals("text"u8);
                    JsonWalk.Next(ref reader);
                    if (piece) JsonWalk.Require(ref reader, JsonTokenType.String);
                    if (piece) text.Append(reader.GetString());
                    else reader.Skip();
                }
            }
            JsonWalk.Require(ref reader, JsonTokenType.EndArray);
        }
        return text.ToString();
    }
}
