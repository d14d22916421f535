//! The description of the interface, held to what `OpenAPI` 3.1 asks of it and to the table of routes.

use super::described::{description, operations};
use super::schema::{faults, resolved};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn every_address_of_the_interface_is_described_and_no_other() {
    let mut in_description: Vec<String> =
        operations(&description()).iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    let is_interface = |path: &str| path.starts_with("/v1/") || ["/healthz", "/readyz", "/metrics"].contains(&path);
    // The router marks what may hold slashes; the description cannot.
    let mut in_table: Vec<String> = checkpoint::routes::table()
        .iter()
        .filter(|route| is_interface(route.path))
        .map(|route| format!("{} {}", route.method, route.path.replace("{*", "{")))
        .collect();
    in_description.sort();
    in_table.sort();
    assert_eq!(in_description, in_table);
}

#[test]
fn the_description_is_sound() {
    let document = description();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(["title", "version"].iter().all(|name| document["info"][*name].is_string()));
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let mut found: Vec<String> = schemas.iter().flat_map(|(name, schema)| faults(&document, schema, name)).collect();
    let mut content = |at: &str, said: &Value| {
        for (kind, media) in said["content"].as_object().into_iter().flatten() {
            assert!(kind.split('/').count() == 2, "{at}: {kind} is no media type");
            found.extend(faults(&document, &media["schema"], at));
        }
    };
    let mut names = BTreeSet::new();
    for (method, path, said) in operations(&document) {
        let at = format!("{method} {path}");
        assert!(["GET", "POST", "DELETE"].contains(&&*method), "{at}");
        assert!(said["summary"].is_string(), "{at}");
        assert!(names.insert(said["operationId"].as_str().expect("an id").to_owned()), "{at}: the id is taken");
        let in_path: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let shared = |parameter: &Value| match parameter["$ref"].as_str() {
            Some(place) => {
                document.pointer(place.trim_start_matches('#')).unwrap_or_else(|| panic!("{at}: {place}")).clone()
            }
            None => parameter.clone(),
        };
        let parameters: Vec<Value> = said["parameters"].as_array().into_iter().flatten().map(shared).collect();
        assert!(parameters.iter().all(|parameter| parameter["name"].is_string()), "{at}: a parameter without a name");
        let required: BTreeSet<&str> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path" && parameter["required"] == true)
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        assert_eq!(in_path, required, "{at}: the parameters");
        assert!(parameters.iter().all(|parameter| faults(&document, &parameter["schema"], &at).is_empty()), "{at}");
        for scheme in said["security"]
            .as_array()
            .expect("said who may")
            .iter()
            .filter_map(Value::as_object)
            .flat_map(|each| each.keys())
        {
            assert!(document["components"]["securitySchemes"][scheme].is_object(), "{at}: {scheme}");
        }
        content(&at, &said["requestBody"]);
        let responses = said["responses"].as_object().expect("responses");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{at}: no good answer");
        for (status, listed) in responses {
            assert!(status.parse::<u16>().is_ok_and(|status| (200..600).contains(&status)), "{at}: {status}");
            let response = listed["$ref"].as_str().map_or(listed, |reference| {
                assert!(reference.starts_with("#/components/responses/"), "{at}: {reference}");
                resolved(&document, reference)
            });
            assert!(response["description"].is_string(), "{at} {status}: nothing is said of it");
            content(&at, response);
        }
    }
    assert_eq!(found, Vec::<String>::new());
    let text = document.to_string();
    for (kind, parts) in
        document["components"].as_object().expect("components").iter().filter(|(kind, _)| *kind != "securitySchemes")
    {
        for name in parts.as_object().expect("parts").keys() {
            assert!(text.contains(&format!("\"#/components/{kind}/{name}\"")), "nothing refers to {kind} {name}");
        }
    }
}
