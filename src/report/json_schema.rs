use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::Summary;
use super::json::{CheckedFile, ExtractedFile, VERSION};

/// The JSON Schema of what [`Json`](super::Json) writes.
pub fn check_schema() -> Value {
    let mut generator = generator();
    let file = property::<CheckedFile<'_>>(&mut generator);
    let summary = property::<Summary>(&mut generator);
    document("claimlint check --format json", file, Some(summary), &mut generator)
}

/// The JSON Schema of what [`ExtractJson`](super::ExtractJson) writes.
pub fn extract_schema() -> Value {
    let mut generator = generator();
    let file = property::<ExtractedFile<'_>>(&mut generator);
    document("claimlint extract --format json", file, None, &mut generator)
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().for_serialize().into_generator()
}

fn property<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

/// The object around the files; they are written as they come, so there is no type for it.
fn document(title: &str, file: Value, summary: Option<Value>, generator: &mut SchemaGenerator) -> Value {
    let mut properties = Map::new();
    let version = json!({"description": "The version of this shape.", "const": VERSION});
    properties.insert("version".to_string(), version);
    let files = json!({"description": "In the order of the inputs.", "type": "array", "items": file});
    properties.insert("files".to_string(), files);
    properties.extend(summary.map(|summary| ("summary".to_string(), summary)));
    let required: Vec<&String> = properties.keys().collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "required": required,
        "properties": properties,
        "$defs": generator.take_definitions(true),
    })
}
