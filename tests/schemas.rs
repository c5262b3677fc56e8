//! The JSON Schemas are those of the types that are written, and what is written keeps to them.
//! `CLAIMLINT_SCHEMA=update cargo test --test schemas` writes the files anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use claimlint::report::{check_schema, extract_schema};
use insta_cmd::get_cargo_bin;
use serde_json::{Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn file(name: &str) -> PathBuf {
    root().join("schemas").join(name)
}

/// What the command writes, whatever its exit status.
fn output(arguments: &[&str]) -> Value {
    let output =
        Command::new(get_cargo_bin("claimlint")).current_dir(root()).args(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn errors(schema: &Value, instance: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_files_are_generated_from_the_types() {
    let update = std::env::var("CLAIMLINT_SCHEMA").is_ok_and(|value| value == "update");
    for (name, schema) in [("check.v1.json", check_schema()), ("extract.v1.json", extract_schema())] {
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if update {
            fs::write(file(name), &text).unwrap();
        }
        assert_eq!(
            fs::read_to_string(file(name)).unwrap_or_default(),
            text,
            "schemas/{name} is out of date: CLAIMLINT_SCHEMA=update cargo test --test schemas"
        );
    }
}

#[test]
fn what_check_writes_keeps_to_its_schema() {
    let schema = check_schema();
    let written = output(&["check", "--format", "json", "fixtures"]);
    assert!(written["files"].as_array().unwrap().len() > 10);
    assert!(written["summary"]["errors"].as_u64() > Some(10));
    assert_eq!(errors(&schema, &written), [""; 0]);
    assert_eq!(errors(&schema, &output(&["check", "--format", "json", "nowhere.md"])), [""; 0]);
}

#[test]
fn what_extract_writes_keeps_to_its_schema() {
    let schema = extract_schema();
    for arguments in [
        &["extract", "--format", "json", "fixtures"][..],
        &["extract", "--explain", "--format", "json", "fixtures"],
    ] {
        let written = output(arguments);
        assert!(written["files"][2]["quantities"].as_array().unwrap().len() > 10);
        assert_eq!(errors(&schema, &written), [""; 0], "{arguments:?}");
    }
}

#[test]
fn the_schemas_find_what_is_wrong() {
    let schema = check_schema();
    let good = output(&["check", "--format", "json", "fixtures/market.zh.md"]);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = good.clone();
        change(&mut changed);
        errors(&schema, &changed).len()
    };
    assert_eq!(with(&|_| ()), 0);
    assert_eq!(with(&|value| value["version"] = json!(2)), 1);
    assert_eq!(with(&|value| value["files"][0]["findings"][0]["severity"] = json!("fatal")), 1);
    assert_eq!(with(&|value| value["files"][0]["findings"][0]["fingerprint"] = json!("x")), 1);
    assert_eq!(with(&|value| value["files"][0]["findings"][0]["line"] = json!(-1)), 1);
    for field in ["rule", "message", "arithmetic", "related", "end_column"] {
        let gone = |value: &mut Value| {
            value["files"][0]["findings"][0].as_object_mut().unwrap().remove(field);
        };
        assert_eq!(with(&gone), 1, "{field}");
    }
    let gone = |value: &mut Value| {
        value.as_object_mut().unwrap().remove("summary");
    };
    assert_eq!(with(&gone), 1);
}
